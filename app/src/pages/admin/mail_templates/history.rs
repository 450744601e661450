//! What a mail said before, and how it comes to say it again.

use guildhall::mail_templates::{MailTemplate, MailTemplateVersion};
use guildhall::page::Page;
use leptos::prelude::*;

use crate::components::pager::Pager;
use crate::rpc::mail_templates::{ResetMailTemplate, address_of};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// Its versions, a page at a time; each can be opened in the form, and saved from there.
#[component]
pub fn History(template: MailTemplate, versions: Page<MailTemplateVersion>) -> impl IntoView {
    let address = address_of(template.kind.as_str(), template.language.as_str());
    let now = template.version;
    if versions.items.is_empty() {
        return view! {
            <Card title="History">
                <p class="muted">"Nobody has changed this mail yet. Each version that you save is kept here."</p>
            </Card>
        }
        .into_any();
    }
    let (info, shown) = (versions.info, versions.items.len());
    view! {
        <Card title="History" description="Open an earlier version to look at it, or to save it again.">
            <Table
                label="Versions, newest first"
                head=|| {
                    view! {
                        <Th label="Version" />
                        <Th label="Subject" />
                        <Th label="Saved" />
                        <Th label="By" />
                    }
                }
            >
                {versions
                    .items
                    .into_iter()
                    .map(|version| view! { <Row version now address=address.clone() /> })
                    .collect_view()}
            </Table>
            <Pager info shown noun=("version", "versions") />
        </Card>
    }
    .into_any()
}

#[component]
fn Row(version: MailTemplateVersion, now: i64, address: String) -> impl IntoView {
    let MailTemplateVersion {
        version,
        subject,
        changed_at,
        changed_by,
    } = version;
    let words = if version == now {
        format!("Version {version}, now")
    } else {
        format!("Version {version}")
    };
    view! {
        <Tr>
            <Td label="Version">
                // Loaded anew, so that the form holds nothing but that version.
                <a href=format!("{address}?version={version}") rel="external">
                    {words}
                </a>
            </Td>
            <Td label="Subject">
                <span class="mail-words">
                    {subject.unwrap_or_else(|| "Back to the default".to_owned())}
                </span>
            </Td>
            <Td label="Saved">
                <Time ms=changed_at />
            </Td>
            <Td label="By">{changed_by.unwrap_or_default()}</Td>
        </Tr>
    }
    .into_any()
}

/// Puts the default back, after a question.
#[component]
pub fn Reset(template: MailTemplate, action: FormAction<ResetMailTemplate>) -> impl IntoView {
    if !template.changed {
        return ().into_any();
    }
    view! {
        <Card title="Default words" description="Take your own words back. They stay in the history.">
            <FormActions>
                <Button opens="reset-template" icon=Glyph::Refresh>
                    "Reset to the default…"
                </Button>
            </FormActions>
            <Dialog id="reset-template" title="Reset to the default?">
                <ActionForm action>
                    <input type="hidden" name="kind" value=template.kind.as_str() />
                    <input type="hidden" name="language" value=template.language.as_str() />
                    <ConfirmBody
                        dialog="reset-template"
                        confirm="Reset to the default"
                        pending=action.pending()
                    >
                        <Consequences items=vec![
                            "From the next mail on, it says what it says in a new console.".to_owned(),
                            "What you have typed and not saved is lost.".to_owned(),
                        ] />
                    </ConfirmBody>
                </ActionForm>
            </Dialog>
        </Card>
    }
    .into_any()
}
