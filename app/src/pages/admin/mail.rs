//! The tenant's mail: what went, what waits, what failed and why.

use guildhall::mail::{Delivery, ListMails, Mail, MailState, MailStatus};
use guildhall::page::Page;
use leptos::prelude::*;

use crate::components::pager::{Kept, Pager, asked};
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, read};
use crate::components::submit::{failure, use_done};
use crate::components::tried::TriedCell;
use crate::rpc::mail::{RetryMail, get_mail_state, list_mails};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

const FILTERS: [&str; 3] = ["q", "status", "cursor"];

/// `/admin/mail?q=…&status=…`
#[component]
pub fn MailPage() -> impl IntoView {
    let query = use_list_query();
    let retry = FormAction::<RetryMail>::new();
    use_done(retry);
    let state = read(|| (), |()| get_mail_state());
    let mails = read(
        move || query.get(),
        |query| async move {
            list_mails(ListMails {
                search: query.search(),
                status: query.word("status"),
                limit: query.limit(),
                cursor: query.cursor(),
                include_total: true,
            })
            .await
        },
    );
    view! {
        <PageHeader title="Mail" description="What went, what waits, and what failed and why.">
            <LinkButton href="/admin/settings#mail" icon=Glyph::Mail>
                "Send a test mail"
            </LinkButton>
        </PageHeader>
        <div class="stack">
            <FormError message=failure(retry) />
            <Read resource=state fallback=|| () let:state>
                <KeptBanner state />
            </Read>
            <FilterBar action="/admin/mail" clear_href=Signal::derive(move || query.get().cleared(&FILTERS))>
                <SearchInput label="Search recipient" value=asked(query, "q") />
                <FilterSelect
                    name="status"
                    label="Status"
                    value=asked(query, "status")
                    options=statuses()
                />
                <Kept query names=&["size"] />
            </FilterBar>
            <Card flush=true>
                <Read resource=mails let:page>
                    <List page query=query.get_untracked() retry />
                </Read>
            </Card>
        </div>
    }
}

fn statuses() -> Vec<(String, String)> {
    let mut options = vec![(String::new(), "Any status".to_owned())];
    options.extend(
        MailStatus::ALL
            .into_iter()
            .map(|status| (status.as_str().to_owned(), word_of(status).to_owned())),
    );
    options
}

fn word_of(status: MailStatus) -> &'static str {
    match status {
        MailStatus::Waiting => "Waiting",
        MailStatus::Sending => "Sending",
        MailStatus::Sent => "Sent",
        MailStatus::Failed => "Failed",
        MailStatus::Cancelled => "Cancelled",
    }
}

/// Says where mail goes if it does not go to people.
#[component]
pub fn KeptBanner(state: MailState) -> impl IntoView {
    match state.delivery {
        Delivery::Smtp => ().into_any(),
        Delivery::Folder => view! {
            <Banner title="Mail is written to a folder">
                "Nothing is sent to anybody while GUILDHALL_MAIL_DIR is set."
            </Banner>
        }
        .into_any(),
        Delivery::Kept => view! {
            <Banner tone=Tone::Warning title="New mail waits: there is no mail server">
                "Set GUILDHALL_SMTP_URL and start the server anew: what waits is sent then, unless it has run out. \
                The mails of the sample data count as sent, and reached nobody."
            </Banner>
        }
        .into_any(),
    }
}

#[component]
fn List(page: Page<Mail>, query: ListQuery, retry: FormAction<RetryMail>) -> impl IntoView {
    if page.items.is_empty() {
        return match query.cleared(&FILTERS) {
            Some(clear_href) => view! { <NothingMatches many="mails" clear_href /> }.into_any(),
            None => view! {
                <EmptyState
                    glyph=Glyph::Mail
                    title="No mail yet"
                    text="Invitations and other mails appear here as soon as they are written."
                />
            }
            .into_any(),
        };
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Table
            label="Mail, newest first"
            head=|| {
                view! {
                    <Th label="Mail" />
                    <Th label="Status" />
                    <Th label="Tries" numeric=true />
                    <Th label="Written" />
                    <Th label="Sent" />
                    <Th label="Actions" hidden=true />
                }
            }
        >
            {page.items.into_iter().map(|mail| view! { <Row mail retry /> }).collect_view()}
        </Table>
        <Pager info shown noun=("mail", "mails") />
    }
    .into_any()
}

#[component]
fn Row(mail: Mail, retry: FormAction<RetryMail>) -> impl IntoView {
    let (tone, icon) = match mail.status {
        MailStatus::Sent => (Tone::Success, Glyph::CheckCircle),
        MailStatus::Failed => (Tone::Danger, Glyph::Failed),
        MailStatus::Cancelled => (Tone::Neutral, Glyph::Block),
        MailStatus::Waiting | MailStatus::Sending => (Tone::Info, Glyph::Clock),
    };
    let can_be_retried = mail.can_be_retried();
    let id = mail.mail_id.to_string();
    let label = format!("Actions for the mail to {}", mail.to);
    view! {
        <Tr>
            <NameCell href="" name=mail.to detail=mail.subject />
            <TriedCell last_error=mail.last_error next_at=mail.next_at.filter(|_| mail.attempts > 0)>
                <Badge tone icon>
                    {word_of(mail.status)}
                </Badge>
            </TriedCell>
            <Td label="Tries" numeric=true>
                {format_count(mail.attempts)}
            </Td>
            <Td label="Written">
                <Time ms=mail.created_at />
            </Td>
            <Td label="Sent">
                <MaybeTime ms=mail.sent_at none="Not yet" />
            </Td>
            <ActionsCell>
                {can_be_retried
                    .then(|| {
                        view! {
                            <Menu id=format!("menu-{id}") label>
                                <ActionForm action=retry>
                                    <input type="hidden" name="mail_id" value=id.clone() />
                                    <MenuButton kind="submit" icon=Glyph::Refresh>
                                        "Try again"
                                    </MenuButton>
                                </ActionForm>
                            </Menu>
                        }
                    })}
            </ActionsCell>
        </Tr>
    }
}
