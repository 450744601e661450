//! `/org/{id}/settings`: what the organization's administrators say of it themselves.

use guildhall::organizations::{GetOrganization, Organization};
use guildhall::portal::LOGO_SIZE;
use leptos::prelude::*;

use crate::components::contested::{AsOf, ContestedText, as_of};
use crate::components::entrance::use_entrance;
use crate::components::organization_mark::LogoOr;
use crate::components::portal::InPortal;
use crate::components::read::{Read, id_of, read};
use crate::components::require_factor::RequireFactorCard;
use crate::components::submit::{failure, tell_of_refusals, use_done};
use crate::layout::Guarded;
use crate::pages::admin::organizations::organization::use_organization_id;
use crate::rpc::factors::RequireFactor;
use crate::rpc::organizations::get_organization;
use crate::rpc::portal::{RemoveOrganizationLogo, RenameOrganization};
use crate::rpc::{ActionForm, Flash, FormAction};
use crate::ui::prelude::*;

#[component]
pub fn SettingsPage() -> impl IntoView {
    let id = use_organization_id();
    let organization = read(
        move || id.get(),
        |id| async move {
            let organization_id = id_of(&id, "organization")?;
            get_organization(GetOrganization { organization_id }).await
        },
    );
    // The frame shows both, too: it is loaded anew with them.
    let rename = FormAction::<RenameOrganization>::new();
    let remove = FormAction::<RemoveOrganizationLogo>::new();
    let require = FormAction::<RequireFactor>::new();
    use_done(require);
    use_entrance(rename);
    use_entrance(remove);
    tell_of_refusals(rename);
    tell_of_refusals(remove);
    view! {
        <Read resource=organization whole=true let:organization>
            <div class="stack">
                <NameForm organization=organization.clone() rename />
                <Logo organization=organization.clone() remove />
                <RequireFactorCard organization=organization.clone() action=require />
                <Facts organization />
            </div>
        </Read>
    }
}

#[component]
fn NameForm(organization: Organization, rename: FormAction<RenameOrganization>) -> impl IntoView {
    let id = organization.organization_id.to_string();
    view! {
        <Card title="Name" description="What your members see, in the console and in mails.">
            <Guarded>
                <ActionForm action=rename>
                    <FormError message=failure(rename) />
                    <InPortal />
                    <input type="hidden" name="organization_id" value=id />
                    <AsOf version=as_of(rename, organization.version) />
                    <FormGrid>
                        <ContestedText
                            action=rename
                            field="name"
                            label="Name"
                            now=organization.name
                            max_length=100u32
                            required=true
                        />
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=rename.pending()>
                            "Save name"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}

/// A form with a file: the browser sends it itself, with scripts or without.
#[component]
pub fn Logo(organization: Organization, remove: FormAction<RemoveOrganizationLogo>) -> impl IntoView {
    let id = organization.organization_id.to_string();
    let refused = use_context::<Flash>().and_then(|flash| flash.refused);
    let has_one = organization.logo_url.is_some();
    let hint = format!(
        "PNG, JPEG or WebP, {} KiB at most; square ones look best.",
        LOGO_SIZE / 1024
    );
    view! {
        <Card title="Logo" description="In place of the initials.">
            <FormError message=failure(remove) />
            <form method="post" action=format!("/logo/{id}") enctype="multipart/form-data">
                <InPortal />
                <FormGrid>
                    <div class="row">
                        <LogoOr name=organization.name url=organization.logo_url large=true />
                        <span class="muted">{if has_one { "This is your logo." } else { "You have none yet." }}</span>
                    </div>
                    <Field name="logo" label="Picture" hint error=refused required=true>
                        <FileInput accept="image/png,image/jpeg,image/webp" />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" icon=Glyph::Upload>
                        "Upload logo"
                    </Button>
                </FormActions>
            </form>
            {has_one
                .then(|| {
                    view! {
                        <ActionForm action=remove>
                            <InPortal />
                            <input type="hidden" name="organization_id" value=id />
                            <FormActions>
                                <Button kind="submit" icon=Glyph::Trash pending=remove.pending()>
                                    "Remove logo"
                                </Button>
                            </FormActions>
                        </ActionForm>
                    }
                })}
        </Card>
    }
}

/// What only the tenant changes.
#[component]
fn Facts(organization: Organization) -> impl IntoView {
    view! {
        <Card title="Details" description="Ask whoever sells to you to change these.">
            <DescriptionList>
                <Description term="Domains">{organization.domains.join(", ")}</Description>
                {organization
                    .alias_name
                    .map(|alias| view! { <Description term="Alias">{alias}</Description> })}
                <Description term="Name in addresses">
                    <CopyId id=organization.slug what="name in addresses" />
                </Description>
                <Description term="Organization id">
                    <CopyId id=organization.organization_id.to_string() what="organization id" />
                </Description>
                <Description term="Created">
                    <Time ms=organization.created_at date_only=true />
                </Description>
            </DescriptionList>
        </Card>
    }
}
