//! `/admin/settings/mail-templates`: every mail in every language, and whether it has words of the tenant's own.

mod history;
mod preview;
pub mod template;

use guildhall::mail_templates::MailTemplateLine;
use leptos::prelude::*;

use crate::components::read::{Read, read};
use crate::rpc::mail_templates::{address_of, list_mail_templates, name_of};
use crate::ui::prelude::*;

/// `/admin/settings/mail-templates`
#[component]
pub fn MailTemplatesPage() -> impl IntoView {
    let templates = read(|| (), |()| list_mail_templates());
    view! {
        <PageHeader
            title="Mail templates"
            description="What your mails say. Each can have words of your own in each language."
            crumbs=Signal::stored(vec![Crumb::new("Settings", "/admin/settings")])
        />
        <Card flush=true>
            <Read resource=templates let:templates>
                <List templates />
            </Read>
        </Card>
    }
}

#[component]
fn List(templates: Vec<MailTemplateLine>) -> impl IntoView {
    view! {
        <Table
            label="Mail templates"
            head=|| {
                view! {
                    <Th label="Mail" />
                    <Th label="Words" />
                    <Th label="Changed" />
                    <Th label="By" />
                }
            }
        >
            {templates.into_iter().map(|template| view! { <Row template /> }).collect_view()}
        </Table>
    }
    .into_any()
}

#[component]
fn Row(template: MailTemplateLine) -> impl IntoView {
    let MailTemplateLine {
        kind,
        language,
        subject,
        changed,
        changed_at,
        changed_by,
    } = template;
    view! {
        <Tr>
            <NameCell
                href=address_of(kind.as_str(), language.as_str())
                name=format!("{} ({})", name_of(kind), language.name())
                detail=subject
            />
            <Td label="Words">
                {if changed {
                    view! {
                        <Badge tone=Tone::Accent icon=Glyph::Edit>
                            "Your own"
                        </Badge>
                    }
                        .into_any()
                } else {
                    view! { <Badge>"Default"</Badge> }.into_any()
                }}
            </Td>
            <Td label="Changed">
                <MaybeTime ms=changed_at none="Never" />
            </Td>
            <Td label="By">{changed_by.unwrap_or_default()}</Td>
        </Tr>
    }
    .into_any()
}
