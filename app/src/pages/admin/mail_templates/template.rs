//! `/admin/settings/mail-templates/{kind}/{language}`: the words of one mail.

use guildhall::mail_templates::{MailTemplate, MailVariable};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::history::{History, Reset};
use super::preview::{PreviewButton, PreviewFrame, Previewed};
use crate::components::contested::{AsOf, Contested, ContestedText, as_of, versions};
use crate::components::query::use_list_query;
use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, use_done};
use crate::layout::Guarded;
use crate::rpc::mail_templates::{
    LIST, MailTemplatePage as Shown, ResetMailTemplate, UpdateMailTemplate, address_of, get_mail_template,
    name_of,
};
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

#[component]
pub fn MailTemplatePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_list_query());
    let named = move |name: &'static str| params.with(|params| params.get(name).unwrap_or_default());
    let template = read(
        move || {
            let (version, limit, cursor) =
                query.with(|query| (query.parsed::<i64>("version"), query.limit(), query.cursor()));
            (named("kind"), named("language"), version, limit, cursor)
        },
        |(kind, language, version, limit, cursor)| get_mail_template(kind, language, version, limit, cursor),
    );
    let update = FormAction::<UpdateMailTemplate>::new();
    let reset = FormAction::<ResetMailTemplate>::new();
    use_done(update);
    use_done(reset);
    view! {
        <Read resource=template whole=true let:shown>
            <Body shown update reset />
        </Read>
    }
}

#[component]
fn Body(
    shown: Shown,
    update: FormAction<UpdateMailTemplate>,
    reset: FormAction<ResetMailTemplate>,
) -> impl IntoView {
    let Shown { template, versions } = shown;
    let (kind, language) = (template.kind, template.language);
    let title = format!("{} ({})", name_of(kind), language.name());
    let changed = template.changed;
    let preview = format!("/mail-preview/{}/{}", kind.as_str(), language.as_str());
    let preview = match template.shown_version {
        Some(version) => format!("{preview}?shown_version={version}"),
        None => preview,
    };
    let variables = template.variables.clone();
    view! {
        <PageHeader
            title
            crumbs=Signal::stored(
                vec![Crumb::new("Settings", "/admin/settings"), Crumb::new("Mail templates", LIST)],
            )
            meta=move || {
                let (tone, words) = if changed {
                    (Tone::Accent, "Your own words")
                } else {
                    (Tone::Neutral, "Default")
                };
                view! { <Badge tone>{words}</Badge> }
            }
        />
        <div class="stack">
            <Earlier template=template.clone() />
            <FormError message=failure(reset) />
            <Words template=template.clone() update />
            <PreviewFrame src=preview />
            <Variables variables />
            <History template=template.clone() versions />
            <Reset template action=reset />
        </div>
    }
}

/// Says that the form holds what the mail said once.
#[component]
fn Earlier(template: MailTemplate) -> impl IntoView {
    let now = address_of(template.kind.as_str(), template.language.as_str());
    let first = if template.may_be_updated {
        "Save it to use it again, or "
    } else {
        "When you have seen it, "
    };
    template.shown_version.map(|version| {
        view! {
            <Banner title=format!("This is version {version}, as it was saved")>
                {first}
                <a href=now rel="external">
                    "go back to the words that are used now"
                </a> "."
            </Banner>
        }
    })
}

#[component]
fn Words(template: MailTemplate, update: FormAction<UpdateMailTemplate>) -> impl IntoView {
    if !template.may_be_updated {
        return view! { <Unchangeable template /> }.into_any();
    }
    view! {
        <Card title="Words" description="What stands in {{ braces }} is filled in for each mail.">
            <Guarded>
                <Previewed>
                    <ActionForm action=update>
                        <FormError message=failure(update) />
                        <input type="hidden" name="kind" value=template.kind.as_str() />
                        <input type="hidden" name="language" value=template.language.as_str() />
                        <AsOf version=as_of(update, template.version) />
                        <FormGrid>
                            <ContestedText
                                action=update
                                field="subject"
                                label="Subject"
                                now=template.subject
                                max_length=200
                                required=true
                                mono=true
                            />
                            <ContestedLines
                                action=update
                                field="text"
                                label="Text"
                                hint="For readers whose mail program shows no HTML."
                                now=template.text
                            />
                            <ContestedLines
                                action=update
                                field="html"
                                label="HTML"
                                hint="Names are always shown as text, whatever they hold."
                                now=template.html
                            />
                        </FormGrid>
                        <FormActions>
                            <Button kind="submit" variant=Variant::Primary pending=update.pending()>
                                "Save"
                            </Button>
                            <PreviewButton />
                        </FormActions>
                    </ActionForm>
                </Previewed>
            </Guarded>
        </Card>
    }
    .into_any()
}

/// A part of the mail in several lines.
#[component]
fn ContestedLines(
    action: FormAction<UpdateMailTemplate>,
    field: &'static str,
    label: &'static str,
    hint: &'static str,
    now: String,
) -> impl IntoView {
    // What was typed may have been too long to come back with a refusal, where scripts are off.
    let value = StoredValue::new(typed(field).unwrap_or_else(|| now.clone()));
    let error = error_at(action, field);
    view! {
        <Contested field label now versions=versions(action, field)>
            <Field name=field label hint error required=true>
                <Textarea value=value.get_value() rows=12u32 mono=true />
            </Field>
        </Contested>
    }
}

/// The words, for whoever may not write their own.
#[component]
fn Unchangeable(template: MailTemplate) -> impl IntoView {
    let why = if template.kind.has_a_secret_link() {
        "The link in this mail is as good as a password, so that only administrators of the tenant may say what stands \
         around it."
    } else {
        "You may look at this mail, and not change it."
    };
    view! {
        <Card title="Words" description=why>
            <FormGrid>
                <Field name="subject" label="Subject">
                    <TextInput value=template.subject mono=true readonly=true />
                </Field>
                <Field name="text" label="Text">
                    <Textarea value=template.text rows=12u32 mono=true readonly=true />
                </Field>
                <Field name="html" label="HTML">
                    <Textarea value=template.html rows=12u32 mono=true readonly=true />
                </Field>
            </FormGrid>
        </Card>
    }
    .into_any()
}

#[component]
fn Variables(variables: Vec<MailVariable>) -> impl IntoView {
    view! {
        <Card
            title="Variables"
            description="What this mail can say. Conditions and lists are possible: {% if app %} … {% endif %}."
        >
            <Table
                label="Variables"
                head=|| {
                    view! {
                        <Th label="Variable" />
                        <Th label="What it is" />
                        <Th label="For example" />
                    }
                }
            >
                {variables.into_iter().map(|variable| view! { <Variable variable /> }).collect_view()}
            </Table>
        </Card>
    }
    .into_any()
}

#[component]
fn Variable(variable: MailVariable) -> impl IntoView {
    let MailVariable {
        name,
        description,
        example,
        may_be_absent,
        required,
    } = variable;
    let written = format!("{{{{ {name} }}}}");
    view! {
        <Tr>
            <Td label="Variable">
                <code>{written}</code>
            </Td>
            <Td label="What it is">
                {description} {required.then_some(" Must be said in text and HTML.")}
                {may_be_absent.then(|| format!(" Some mails have none: ask with {{% if {name} %}} first."))}
            </Td>
            <Td label="For example">
                <span class="mail-words">{example}</span>
            </Td>
        </Tr>
    }
    .into_any()
}
