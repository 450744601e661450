//! The small pieces, side by side.

use app::ui::prelude::*;
use leptos::prelude::*;

pub fn pieces() -> AnyView {
    let states = [
        State::Active,
        State::Pending,
        State::Suspended,
        State::Disabled,
        State::Enabled,
        State::Accepted,
        State::Expired,
        State::Revoked,
        State::Rejected,
        State::Failed,
        State::Verified,
        State::Unverified,
    ];
    let tones = [
        Tone::Neutral,
        Tone::Accent,
        Tone::Success,
        Tone::Warning,
        Tone::Danger,
        Tone::Info,
    ];
    view! {
        <PageHeader title="Pieces" />
        <div class="stack">
            <Card title="Buttons">
                <div class="stack">
                    {[Size::Small, Size::Medium, Size::Large]
                        .into_iter()
                        .map(|size| {
                            view! {
                                <div class="row">
                                    <Button size variant=Variant::Primary>
                                        "Create organization"
                                    </Button>
                                    <Button size icon=Glyph::Download>
                                        "Export"
                                    </Button>
                                    <Button size variant=Variant::Ghost>
                                        "Cancel"
                                    </Button>
                                    <Button size variant=Variant::Danger>
                                        "Delete"
                                    </Button>
                                    <Button size variant=Variant::Primary pending=true>
                                        "Saving"
                                    </Button>
                                    <Button size disabled_reason="Only an owner may do this.">
                                        "Not allowed"
                                    </Button>
                                </div>
                            }
                        })
                        .collect_view()}
                </div>
            </Card>
            <Card title="States and tones">
                <div class="stack">
                    <div class="row">
                        {states.into_iter().map(|state| view! { <Status state /> }).collect_view()}
                    </div>
                    <div class="row">
                        {tones
                            .into_iter()
                            .map(|tone| view! { <Badge tone>{tone.word()}</Badge> })
                            .collect_view()}
                    </div>
                    {tones
                        .into_iter()
                        .map(|tone| {
                            view! {
                                <Banner tone title="The title says what is so">
                                    "And the text what to do about it, with "
                                    <a href="#">"a link"</a>
                                    "."
                                </Banner>
                            }
                        })
                        .collect_view()}
                </div>
            </Card>
            <Card title="Details" actions=|| view! { <Button size=Size::Small>"Edit"</Button> }>
                <DescriptionList>
                    <Description term="Organization id">
                        <CopyId id="org_01j9zq4m6e8w7k2v5t3c" />
                    </Description>
                    <Description term="Created">
                        <Time ms=1_772_366_400_000 />
                    </Description>
                    <Description term="Owner">
                        <a href="#">"Ada Lovelace"</a>
                    </Description>
                    <Description term="Shortcut">
                        <Kbd>"Ctrl"</Kbd>
                        " "
                        <Kbd>"K"</Kbd>
                    </Description>
                </DescriptionList>
            </Card>
            <Card title="Changes">
                <Diff changes=vec![
                    Change {
                        field: "name".into(),
                        before: Some("Acme".into()),
                        after: Some("Acme Industries".into()),
                    },
                    Change { field: "domain".into(), before: None, after: Some("acme.example".into()) },
                    Change { field: "roles".into(), before: Some("member".into()), after: None },
                ] />
            </Card>
            <Card title="Client secret">
                <SecretOnce label="Client secret" secret="gh_secret_7Jd0pQ2mZr9vXk4LtB8nWs6y" />
            </Card>
            <Card title="Import">
                <Progress label="Inviting members" done=340_u64 total=1204_u64 />
                <Disclosure summary="Three rows were skipped" open=true>
                    <p>"They are members already."</p>
                </Disclosure>
            </Card>
            <Card title="Faces">
                <div class="row">
                    {["Ada Lovelace", "grace@acme.example", "Karen S. Jones", "Radia P", "B L", "Ed D", "Acme", "Globex", "Umbrella", "Initech Corp"]
                        .into_iter()
                        .map(|name| view! { <Avatar name /> })
                        .collect_view()}
                </div>
            </Card>
        </div>
    }
    .into_any()
}
