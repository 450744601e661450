//! `/admin/organizations/new`: creates an organization.

use guildhall::contact::Domain;
use leptos::prelude::*;

use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, use_done};
use crate::layout::Guarded;
use crate::rpc::organizations::{AppName, CreateOrganization, list_app_names};
use crate::rpc::{ActionForm, FormAction, typed, typed_all};
use crate::ui::prelude::*;

#[component]
pub fn NewOrganizationPage() -> impl IntoView {
    let apps = read(|| (), |()| list_app_names());
    let create = FormAction::<CreateOrganization>::new();
    use_done(create);
    view! {
        <PageHeader
            title="Create organization"
            description="A company that uses your applications. You can change all of this later."
            crumbs=vec![Crumb::new("Organizations", "/admin/organizations")]
        />
        <Read resource=apps let:apps>
            <Card>
                <Form create apps />
            </Card>
        </Read>
    }
}

#[component]
fn Form(create: FormAction<CreateOrganization>, apps: Vec<AppName>) -> impl IntoView {
    let typed = |field| typed(field).unwrap_or_default();
    view! {
        <Guarded>
            <ActionForm action=create>
                <FormError message=failure(create) />
                <FormGrid>
                    <Field name="name" label="Name" error=error_at(create, "name") required=true>
                        <TextInput value=typed("name") max_length=100u32 autocomplete="organization" autofocus=true />
                    </Field>
                    <Field
                        name="domain"
                        label="Domain"
                        hint="The company's main domain, such as acme.com."
                        error=error_at(create, "domain")
                        optional=true
                    >
                        <TextInput value=typed("domain") max_length=253u32 placeholder="acme.com" />
                    </Field>
                    <Field
                        name="domains"
                        label="Further domains"
                        hint="Separated by spaces, commas or lines."
                        error=error_at(create, "domains")
                        optional=true
                    >
                        <ChipsInput value=typed("domains") check=domain_wrong />
                    </Field>
                    <Field
                        name="alias_name"
                        label="Alias"
                        hint="Another name to show to its members."
                        error=error_at(create, "alias_name")
                        optional=true
                    >
                        <TextInput value=typed("alias_name") max_length=120u32 />
                    </Field>
                    <AppChoices
                        apps
                        chosen=typed_all("app_ids").unwrap_or_default()
                        error=error_at(create, "app_ids")
                    />
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=create.pending()>
                        "Create organization"
                    </Button>
                    <LinkButton href="/admin/organizations">"Cancel"</LinkButton>
                </FormActions>
            </ActionForm>
        </Guarded>
    }
}

/// The applications to give, as boxes to tick.
#[component]
pub fn AppChoices(
    apps: Vec<AppName>,
    #[prop(optional)] chosen: Vec<String>,
    #[prop(into)] error: MaybeProp<String>,
) -> impl IntoView {
    if apps.is_empty() {
        return view! {
            <Banner tone=Tone::Info title="There are no applications yet">
                "You can give it one later: " <a href="/admin/applications/new">"create an application"</a>
            </Banner>
        }
        .into_any();
    }
    let options: Vec<Choice> = apps
        .into_iter()
        .map(|app| Choice::new(app.app_id.to_string(), app.name))
        .collect();
    view! {
        <CheckboxGroup
            name="app_ids[]"
            legend="Applications"
            hint="What its members can be given access to."
            options
            values=chosen
            error
        />
    }
    .into_any()
}

/// What is wrong with a domain.
pub fn domain_wrong(text: &str) -> Option<String> {
    Domain::parse(text).err().map(|why| why.to_string())
}
