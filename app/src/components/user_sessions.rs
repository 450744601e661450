//! A person's sessions as the tenant's administrators see them, on the pages of user and member.

use guildhall::sessions::ListUserSessions;
use leptos::prelude::*;

use crate::components::read::{Read, id_of, read};
use crate::components::sessions::SessionsTable;
use crate::components::submit::{failure, use_done};
use crate::rpc::users::{EndUserSessions, list_user_sessions};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// The card with the sessions of the person whose id is `user_id`.
#[component]
pub fn UserSessions(#[prop(into)] user_id: Signal<String>) -> impl IntoView {
    let end = FormAction::<EndUserSessions>::new();
    use_done(end);
    let sessions = read(
        move || user_id.get(),
        |id| async move {
            list_user_sessions(ListUserSessions {
                user_id: id_of(&id, "user")?,
            })
            .await
        },
    );
    view! {
        <FormError message=failure(end) />
        <Card
            title="Sessions"
            description="The browsers in which this person is signed in. A session that is ended is closed at its next click, and             so are the access tokens that it asked for."
            flush=true
        >
            <Read resource=sessions let:list>
                {
                    let several = !list.is_empty();
                    view! {
                        <SessionsTable
                            label="Sessions"
                            sessions=list
                            end=move |session| {
                                let (id, device) = (session.session_id.to_string(), session.device.clone());
                                view! {
                                    <ActionForm action=end>
                                        <input type="hidden" name="user_id" value=user_id.get_untracked() />
                                        <input type="hidden" name="session_id" value=id />
                                        <Button kind="submit" size=Size::Small pending=end.pending()>
                                            "End"
                                            <span class="sr-only">{format!(" the session of {device}")}</span>
                                        </Button>
                                    </ActionForm>
                                }
                            }
                        />
                        {several
                            .then(|| {
                                view! {
                                    <div class="card__foot">
                                        <ActionForm action=end>
                                            <input type="hidden" name="user_id" value=user_id.get_untracked() />
                                            <Button kind="submit" variant=Variant::Danger pending=end.pending()>
                                                "End all sessions"
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
