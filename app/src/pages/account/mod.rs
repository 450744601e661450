//! My account: who I am here, my password, the theme, the way out.

pub mod password;

use leptos::prelude::*;

use self::password::PasswordForm;
use super::frame::use_me;
use crate::components::entrance::use_entrance;
use crate::layout::theme::ThemeChoice;
use crate::rpc::sessions::SignOut;
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    let sign_out = FormAction::<SignOut>::new();
    use_entrance(sign_out);
    view! {
        <PageHeader title="My account" />
        <div class="stack">
            {use_me()
                .map(|me| {
                    view! {
                        <Section title="Profile" description="How you are known here.">
                            <DescriptionList>
                                <Description term="Name">{me.label}</Description>
                                <Description term="E-mail address">
                                    {me.email.unwrap_or_else(|| "None".to_owned())}
                                </Description>
                                <Description term="User id">
                                    <CopyId id=me.user_id.to_string() what="user id" />
                                </Description>
                                <Description term="Administers">
                                    {if me.tenant_admin {
                                        "This tenant, with every organization".to_owned()
                                    } else if me.administers.is_empty() {
                                        "Nothing".to_owned()
                                    } else {
                                        me.administers
                                            .iter()
                                            .map(|organization| organization.name.as_str())
                                            .collect::<Vec<_>>()
                                            .join(", ")
                                    }}
                                </Description>
                            </DescriptionList>
                        </Section>
                    }
                })}
            <Section title="Password" description="Changing it ends your sessions in other browsers.">
                <PasswordForm forced=false />
            </Section>
            <Section title="Theme" description="Kept in this browser.">
                <ThemeChoice />
            </Section>
            <Section title="Sign out" description="Ends the session in this browser.">
                <ActionForm action=sign_out>
                    <Button kind="submit" icon=Glyph::Logout pending=sign_out.pending()>
                        "Sign out"
                    </Button>
                </ActionForm>
            </Section>
        </div>
    }
}
