//! The browsers in which somebody is signed in, as a table with a way to end each.

use guildhall::sessions::Session;
use leptos::prelude::*;

use crate::ui::prelude::*;

/// The table. `end` makes the form that ends one session.
#[component]
pub fn SessionsTable<F, V>(
    sessions: Vec<Session>,
    /// Whose they are, for the table's name.
    #[prop(into)]
    label: String,
    end: F,
) -> impl IntoView
where
    F: Fn(&Session) -> V + Send + 'static,
    V: IntoView + 'static,
{
    if sessions.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Lock
                title="Signed in nowhere"
                text="A session appears here at the next sign-in."
            />
        }
        .into_any();
    }
    view! {
        <Table
            label
            head=|| {
                view! {
                    <Th label="Device" />
                    <Th label="Last used" />
                    <Th label="Signed in" />
                    <Th label="Actions" hidden=true />
                }
            }
        >
            {sessions
                .into_iter()
                .map(|session| {
                    let action = end(&session);
                    view! { <SessionRow session>{action}</SessionRow> }
                })
                .collect_view()}
        </Table>
    }
    .into_any()
}

#[component]
fn SessionRow(session: Session, children: Children) -> impl IntoView {
    let place = session
        .ip
        .map_or_else(|| "From an unknown address".to_owned(), |ip| format!("From {ip}"));
    view! {
        <Tr>
            <Td label="Device">
                <div class="row">
                    <span>
                        <strong>{session.device}</strong>
                        <br />
                        <span class="muted">{place}</span>
                    </span>
                    {session
                        .current
                        .then(|| {
                            view! {
                                <Badge tone=Tone::Accent icon=Glyph::CheckCircle>
                                    "This session"
                                </Badge>
                            }
                        })}
                </div>
            </Td>
            <Td label="Last used">
                <Time ms=session.last_used_at />
            </Td>
            <Td label="Signed in">
                <Time ms=session.created_at />
            </Td>
            <ActionsCell>{children()}</ActionsCell>
        </Tr>
    }
}
