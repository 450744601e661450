//! A member's name and teams, on their own page.

use guildhall::members::Member;
use guildhall::page::Page;
use guildhall::teams::Team;
use guildhall::text::NamePart;
use leptos::prelude::*;

use crate::components::contested::{AsOf, Contested, as_of, versions};
use crate::components::portal::use_portal;
use crate::components::submit::{error_at, failure, kept};
use crate::layout::Guarded;
use crate::rpc::teams::RenameMember;
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// First and last name. An organization's administrator changes them for some only; the server says for whom not, and why.
#[component]
pub fn NameCard(member: Member, action: FormAction<RenameMember>) -> impl IntoView {
    let name = member.name.unwrap_or_default();
    let text = |part: Option<NamePart>| part.map(|part| part.to_string()).unwrap_or_default();
    let fields = [
        ("first_name", "First name", text(name.first_name)),
        ("last_name", "Last name", text(name.last_name)),
    ];
    view! {
        <Card title="Name" description="The same in every organization that they are in.">
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <input
                        type="hidden"
                        name="organization_id"
                        value=member.organization_id.to_string()
                    />
                    <input type="hidden" name="user_id" value=member.user_id.to_string() />
                    <AsOf version=as_of(action, member.version) />
                    <FormGrid columns=true>
                        {fields
                            .into_iter()
                            .map(|(field, label, now)| {
                                let value = Signal::stored(kept(action, field, now.clone()));
                                view! {
                                    <Contested field label now versions=versions(action, field)>
                                        <Field name=field label error=error_at(action, field)>
                                            <TextInput value max_length=30u32 autocomplete="off" />
                                        </Field>
                                    </Contested>
                                }
                            })
                            .collect_view()}
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" pending=action.pending()>
                            "Save name"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}

/// The teams that they are in.
#[component]
pub fn TeamsCard(teams: Page<Team>) -> impl IntoView {
    let portal = use_portal();
    let more = teams.info.next_cursor.is_some();
    let links = teams
        .items
        .into_iter()
        .map(|team| {
            let above = portal.path_of(&team.organization_id.to_string());
            let href = format!("{above}/teams/{}", team.team_id);
            view! { <a href=href>{team.name}</a> }
        })
        .collect::<Vec<_>>();
    let none = links.is_empty().then_some("None");
    view! {
        <Card title="Teams">
            <p class="row">{links} {none} {more.then_some("and more")}</p>
        </Card>
    }
}
