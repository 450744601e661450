//! My sessions: the browsers in which I am signed in, and how to end them.

use leptos::prelude::*;

use crate::components::entrance::use_entrance;
use crate::components::read::{Read, read};
use crate::components::sessions::SessionsTable;
use crate::components::submit::{failure, use_done};
use crate::rpc::account::{EndOtherSessions, EndOwnSession, list_own_sessions};
use crate::rpc::sessions::SignOut;
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `/account/sessions`
#[component]
pub fn SessionsPage() -> impl IntoView {
    let end = FormAction::<EndOwnSession>::new();
    let others = FormAction::<EndOtherSessions>::new();
    let sign_out = FormAction::<SignOut>::new();
    use_done(end);
    use_done(others);
    use_entrance(sign_out);
    let sessions = read(|| (), |()| async { list_own_sessions().await });
    view! {
        <FormError message=failure(end) />
        <FormError message=failure(others) />
        <Card
            title="Where you are signed in"
            description="A session that you end is closed at its next click. If you do not know one, end it and change your password."
            flush=true
        >
            <Read resource=sessions let:list>
                {
                    let elsewhere = list.iter().any(|session| !session.current);
                    view! {
                        <SessionsTable
                            label="My sessions"
                            sessions=list
                            end=move |session| {
                                if session.current {
                                    return view! {
                                        <ActionForm action=sign_out>
                                            <Button kind="submit" size=Size::Small pending=sign_out.pending()>
                                                "Sign out"
                                            </Button>
                                        </ActionForm>
                                    }
                                        .into_any();
                                }
                                let (id, device) = (session.session_id.to_string(), session.device.clone());
                                view! {
                                    <ActionForm action=end>
                                        <input type="hidden" name="session_id" value=id />
                                        <Button kind="submit" size=Size::Small pending=end.pending()>
                                            "End"
                                            <span class="sr-only">{format!(" the session of {device}")}</span>
                                        </Button>
                                    </ActionForm>
                                }
                                    .into_any()
                            }
                        />
                        {elsewhere
                            .then(|| {
                                view! {
                                    <div class="card__foot">
                                        <ActionForm action=others>
                                            <Button kind="submit" variant=Variant::Danger pending=others.pending()>
                                                "End all other sessions"
                                            </Button>
                                        </ActionForm>
                                    </div>
                                }
                            })}
                    }
                }
            </Read>
        </Card>
    }
}
