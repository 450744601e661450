//! `/admin/organizations/{id}/members/{user_id}`: the membership, the person, and how to suspend or remove them.

use guildhall::members::Member;
use guildhall::organization_clients::{ClientSuccession, GetClientSuccession};
use guildhall::teams::ListTeams;
use leptos::prelude::*;

use super::name::{NameCard, TeamsCard};
use super::{member_of, use_member_ids};
use crate::components::contested::{AsOf, ContestedText, as_of};
use crate::components::member::state_of;
use crate::components::portal::use_portal;
use crate::components::read::{Read, read};
use crate::components::reset_factors::ResetFactors;
use crate::components::submit::{failure, use_done};
use crate::layout::Guarded;
use crate::pages::admin::organizations::organization::member_row::{Person, RemoveDialog};
use crate::pages::frame::use_me;
use crate::rpc::factors::ResetMemberFactors;
use crate::rpc::members::{RemoveMember, SetMemberEnabled, UpdateMember, get_member};
use crate::rpc::organization_clients::get_client_succession;
use crate::rpc::teams::{RenameMember, list_teams};
use crate::rpc::{ActionForm, FormAction, RpcError};
use crate::ui::prelude::*;

#[component]
pub fn MemberDetailsPage() -> impl IntoView {
    let ids = use_member_ids();
    let about = read(
        move || ids.get(),
        |ids| async move {
            let of = member_of(&ids)?;
            let member = get_member(of.clone()).await?;
            let teams = list_teams(ListTeams::of_member(of.organization_id, of.user_id)).await?;
            let succession = get_client_succession(GetClientSuccession {
                organization_id: of.organization_id,
                user_id: of.user_id,
            })
            .await?;
            Ok::<_, RpcError>((member, teams, succession))
        },
    );
    let update = FormAction::<UpdateMember>::new();
    let rename = FormAction::<RenameMember>::new();
    let enable = FormAction::<SetMemberEnabled>::new();
    let remove = FormAction::<RemoveMember>::new();
    use_done(update);
    use_done(rename);
    use_done(enable);
    let factors = FormAction::<ResetMemberFactors>::new();
    use_done(remove);
    use_done(factors);
    view! {
        <Read resource=about whole=true let:about>
            <div class="stack">
                <Membership member=about.0.clone() update />
                <NameCard member=about.0.clone() action=rename />
                <TeamsCard teams=about.1 />
                <Facts member=about.0.clone() />
                <Reset member=about.0.clone() action=factors />
                <Ends member=about.0 enable remove succession=about.2 />
            </div>
        </Read>
    }
}

/// For an organization's administrator only where the member is in no other organization; the server says so.
#[component]
fn Reset(member: Member, action: FormAction<ResetMemberFactors>) -> impl IntoView {
    let oneself = use_me().is_some_and(|me| me.user_id == member.user_id);
    let (organization_id, user_id) = (member.organization_id.to_string(), member.user_id.to_string());
    view! {
        <ResetFactors
            action
            name=member.label()
            disabled_reason=oneself.then(|| "This is your own account: see My account, Security.".to_owned())
        >
            <input type="hidden" name="organization_id" value=organization_id />
            <input type="hidden" name="user_id" value=user_id />
        </ResetFactors>
    }
}

#[component]
fn Membership(member: Member, update: FormAction<UpdateMember>) -> impl IntoView {
    let info = member.organization_information;
    let fields = [
        ("department", "Department", info.department),
        ("title", "Title", info.title),
        ("manager", "Manager", info.manager),
    ];
    view! {
        <Card title="Membership">
            <Guarded>
                <ActionForm action=update>
                    <FormError message=failure(update) />
                    <input
                        type="hidden"
                        name="organization_id"
                        value=member.organization_id.to_string()
                    />
                    <input type="hidden" name="user_id" value=member.user_id.to_string() />
                    <AsOf version=as_of(update, member.version) />
                    <FormGrid columns=true>
                        {fields
                            .into_iter()
                            .map(|(field, label, now)| {
                                let now = now.unwrap_or_default();
                                view! { <ContestedText action=update field label now max_length=120u32 /> }
                            })
                            .collect_view()}
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=update.pending()>
                            "Save changes"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}

#[component]
fn Facts(member: Member) -> impl IntoView {
    // The person's own page is the tenant's.
    let user = use_portal()
        .is_tenant()
        .then(|| format!("/admin/users/{}", member.user_id));
    let full = member
        .name
        .as_ref()
        .map(guildhall::users::PersonName::full)
        .filter(|name| !name.is_empty());
    let text = |term: &'static str, value: Option<String>| {
        value.map(|value| view! { <Description term>{value}</Description> })
    };
    let proved = |yes: bool| if yes { State::Verified } else { State::Unverified };
    view! {
        <Card
            title="Person"
            description="The same in every organization that they are in."
            actions=move || {
                user.clone()
                    .map(|href| {
                        view! {
                            <LinkButton href size=Size::Small icon=Glyph::Person>
                                "Open user"
                            </LinkButton>
                        }
                    })
            }
        >
            <DescriptionList>
                {text("Name", full)}
                {member
                    .email
                    .map(|email| {
                        view! {
                            <Description term="Email">
                                <span class="row">
                                    {email.value} <Status state=proved(email.email_verified) />
                                </span>
                            </Description>
                        }
                    })}
                {member
                    .phone_number
                    .map(|phone| {
                        view! {
                            <Description term="Phone">
                                <span class="row">
                                    {phone.value} <Status state=proved(phone.phone_number_verified) />
                                </span>
                            </Description>
                        }
                    })} {text("User name", member.username)} {text("Language", member.language)}
                {text("External id", member.external_user_id)}
                {text("External account id", member.external_account_id)}
                <Description term="Status">
                    <Status state=state_of(member.member_status) />
                </Description>
                <Description term="Member since">
                    <Time ms=member.joined_at />
                </Description>
                <Description term="Last sign-in">
                    <MaybeTime ms=member.last_auth none="Never" />
                </Description>
                <Description term="Account created">
                    <Time ms=member.created_at />
                </Description>
            </DescriptionList>
        </Card>
    }
}

#[component]
fn Ends(
    member: Member,
    enable: FormAction<SetMemberEnabled>,
    remove: FormAction<RemoveMember>,
    succession: ClientSuccession,
) -> impl IntoView {
    let enabled = member.organization_information.enabled;
    let person = Person {
        organization_id: member.organization_id.to_string(),
        id: member.user_id.to_string(),
        name: member.label(),
        href: String::new(),
        enabled,
        pending: false,
    };
    let (form_organization, id) = (person.organization_id.clone(), person.id.clone());
    let (title, about, word) = if enabled {
        (
            "Suspend",
            "Keeps the membership and its roles, and keeps them out until reinstated.",
            "Suspend member",
        )
    } else {
        (
            "Reinstate",
            "They are suspended. Reinstated, they come in as before.",
            "Reinstate member",
        )
    };
    let opens = format!("remove-{id}");
    view! {
        <Card title description=about>
            <ActionForm action=enable>
                <FormError message=failure(enable) />
                <input type="hidden" name="organization_id" value=form_organization />
                <input type="hidden" name="user_id" value=id />
                <input type="hidden" name="enabled" value=(!enabled).to_string() />
                <Button
                    kind="submit"
                    icon=if enabled { Glyph::Pause } else { Glyph::Play }
                    pending=enable.pending()
                >
                    {word}
                </Button>
            </ActionForm>
        </Card>
        <Card title="Remove" description="Takes them out of this organization." danger=true>
            <FormError message=failure(remove) />
            <Button opens variant=Variant::Danger icon=Glyph::Trash>
                "Remove member"
            </Button>
            <RemoveDialog person remove to_list=true succession />
        </Card>
    }
}
