//! A start page: what needs action, numbers, empty states.

use app::ui::prelude::*;
use leptos::prelude::*;

pub fn home() -> AnyView {
    view! {
        <PageHeader title="Home" description="What needs you today." />
        <div class="stack">
            <Banner
                tone=Tone::Warning
                title="The certificate of Initech's identity provider expires in 6 days."
                actions=|| {
                    view! {
                        <LinkButton href="#" size=Size::Small>
                            "Replace it"
                        </LinkButton>
                    }
                }
            >
                "After that, 312 members cannot sign in."
            </Banner>
            <CardGrid>
                <Stat label="Organizations" value=format_count(128) href="#" note="3 wait for approval" />
                <Stat label="Members" value=format_count(48_211) href="#" note="214 joined this week" />
                <Stat label="Pending invitations" value=format_count(391) href="#" note="27 expire this week" />
                <Stat label="Failed mail" value=format_count(2) href="#" note="in the last 24 hours" />
            </CardGrid>
            <Card
                title="Pending registrations"
                description="Organizations that registered themselves and wait for your decision."
                flush=true
            >
                <Table
                    label="Pending registrations"
                    head=|| {
                        view! {
                            <Th label="Organization" />
                            <Th label="Domain" />
                            <Th label="Registered" />
                            <Th label="Decision" hidden=true />
                        }
                    }
                >
                    {["Globex", "Initech", "Umbrella Health"]
                        .into_iter()
                        .map(|name| {
                            view! {
                                <Tr>
                                    <NameCell
                                        href="#"
                                        name
                                        lead=move || view! { <Avatar name square=true /> }
                                    />
                                    <Td label="Domain">
                                        {format!("{}.example", name.to_lowercase().replace(' ', "-"))}
                                    </Td>
                                    <Td label="Registered">
                                        <Time ms=1_772_366_400_000 now=1_772_467_400_000_i64 />
                                    </Td>
                                    <Td label="Decision">
                                        <div class="row">
                                            <Button size=Size::Small variant=Variant::Primary>
                                                "Approve"
                                            </Button>
                                            <Button size=Size::Small>"Reject"</Button>
                                        </div>
                                    </Td>
                                </Tr>
                            }
                        })
                        .collect_view()}
                </Table>
            </Card>
            <Card flush=true title="Recent changes">
                <EmptyState
                    glyph=Glyph::Audit
                    title="Nothing has changed yet"
                    text="Every change that somebody makes in this console appears here, with who made it and from where."
                >
                    <LinkButton href="#">"Create an organization"</LinkButton>
                </EmptyState>
            </Card>
            <Card flush=true>
                <NothingMatches many="organizations" clear_href="#" />
            </Card>
            <Card flush=true>
                <SkeletonRows rows=3 />
            </Card>
        </div>
    }
    .into_any()
}
