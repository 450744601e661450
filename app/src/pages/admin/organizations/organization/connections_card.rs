//! The ways to sign in that an organization has, which programs give it.

use guildhall::connections::OrganizationConnection;
use leptos::prelude::*;

use crate::ui::prelude::*;

#[component]
pub fn ConnectionsCard(connections: Vec<OrganizationConnection>) -> impl IntoView {
    if connections.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Globe
                title="No connections"
                text="A program gives an organization ways to sign in by the Auth0-compatible API. Without one, its members sign in as everybody does."
            />
        }
        .into_any();
    }
    view! {
        <Card title="Connections" flush=true>
            <Table
                label="Connections"
                head=|| {
                    view! {
                        <Th label="Connection" />
                        <Th label="Takes in whoever signs in" />
                        <Th label="Button" />
                        <Th label="Sign-up" />
                    }
                }
            >
                {connections.into_iter().map(|connection| view! { <Row connection /> }).collect_view()}
            </Table>
        </Card>
    }
    .into_any()
}

#[component]
fn Row(connection: OrganizationConnection) -> impl IntoView {
    let word = |so: bool| if so { "Yes" } else { "No" };
    let name = connection.name;
    let takes_in = word(connection.assign_membership_on_login);
    let button = word(connection.show_as_button);
    let sign_up = word(connection.is_signup_enabled);
    view! {
        <Tr>
            <NameCell href="" name />
            <Td label="Takes in whoever signs in">{takes_in}</Td>
            <Td label="Button">{button}</Td>
            <Td label="Sign-up">{sign_up}</Td>
        </Tr>
    }
}
