//! Renders the design system to HTML files without a server, to look at: `cargo run -p app --example gallery --features ssr`.
//! They expect the compiled style beside them as `gallery.css`.

// The types of nested views are deep.
#![recursion_limit = "256"]

use app::{
    layout::{AppShell, AuthShell, ErrorPage, Guarded, NavItem, NavSection, SignedIn},
    ui::prelude::*,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{components::Router, location::RequestUrl};
use std::{fs, io, path::Path};

const ADDRESS: &str = "/admin/organizations/org_1/members";

fn main() -> io::Result<()> {
    let folder = Path::new("target/gallery");
    fs::create_dir_all(folder)?;
    let pages: [(&str, fn() -> AnyView); 6] = [
        ("list", || in_shell(members)),
        ("home", || in_shell(home)),
        ("forms", || in_shell(forms)),
        ("pieces", || in_shell(pieces)),
        ("signin", sign_in),
        ("error", || in_shell(error)),
    ];
    for (name, page) in pages {
        let html = Owner::new().with(|| {
            provide_context(RequestUrl::new(ADDRESS));
            provide_meta_context();
            view! { <Router>{page()}</Router> }.to_html()
        });
        let document = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <link rel=\"stylesheet\" href=\"gallery.css\"></head><body>{html}</body></html>"
        );
        fs::write(folder.join(format!("{name}.html")), document)?;
    }
    Ok(())
}

fn in_shell(page: fn() -> AnyView) -> AnyView {
    let nav = vec![
        NavSection::untitled(vec![
            NavItem::new("Home", "/admin", Glyph::Home).exact(),
            NavItem::new("Organizations", "/admin/organizations", Glyph::Organizations).count(3),
            NavItem::new("Users", "/admin/users", Glyph::Users),
        ]),
        NavSection::new(
            "Access",
            vec![
                NavItem::new("Applications", "/admin/applications", Glyph::Apps),
                NavItem::new("Roles", "/admin/roles", Glyph::Roles),
                NavItem::new("Sign-on", "/admin/sign-on", Glyph::Key),
            ],
        ),
        NavSection::new(
            "Operations",
            vec![
                NavItem::new("Audit", "/admin/audit", Glyph::Audit),
                NavItem::new("Mail", "/admin/mail", Glyph::Mail),
                NavItem::new("Settings", "/admin/settings", Glyph::Settings),
            ],
        ),
    ];
    view! {
        <AppShell
            nav=nav
            user=SignedIn { name: "Ada Lovelace".into(), contact: "ada@acme.example".into() }
            home="/admin"
            sign_out=|| {
                view! {
                    <form method="post" action="/signout">
                        <button class="menu__item">
                            <Icon glyph=Glyph::Logout />
                            "Sign out"
                        </button>
                    </form>
                }
            }
            flash=Toast::done("Grace Hopper was invited.").link("#", "Open the invitation")
        >
            {page()}
        </AppShell>
    }
    .into_any()
}

fn head(title: &'static str) -> impl IntoView {
    view! {
        <PageHeader
            title
            crumbs=vec![
                Crumb::new("Organizations", "/admin/organizations"),
                Crumb::new("Acme Industries", "/admin/organizations/org_1"),
            ]
            lead=|| view! { <Avatar name="Acme Industries" square=true large=true /> }
            meta=|| {
                view! {
                    <Status state=State::Active />
                    <CopyId id="org_01j9zq4m6e8w7k2v5t3c" what="organization id" />
                }
            }
        >
            <LinkButton href="#" icon=Glyph::Upload>
                "Import"
            </LinkButton>
            <Button variant=Variant::Primary icon=Glyph::Plus opens="invite">
                "Add member"
            </Button>
        </PageHeader>
    }
}

fn members() -> AnyView {
    let people = [
        (
            "Ada Lovelace",
            "ada@acme.example",
            State::Active,
            "Owner, Billing",
            3_u32,
        ),
        (
            "Grace Brewster Murray Hopper",
            "grace.hopper@research.acme.example",
            State::Pending,
            "Member",
            0,
        ),
        (
            "Karen Spärck Jones",
            "karen@acme.example",
            State::Suspended,
            "Member",
            2,
        ),
        (
            "Radia Perlman",
            "radia@acme.example",
            State::Active,
            "Administrator",
            5,
        ),
        (
            "Barbara Liskov",
            "barbara@acme.example",
            State::Disabled,
            "Member",
            1,
        ),
        (
            "Edsger W. Dijkstra",
            "edsger@acme.example",
            State::Active,
            "Member, Auditor",
            2,
        ),
    ];
    view! {
        {head("Acme Industries")}
        <Tabs label="Acme Industries">
            <Tab href="/admin/organizations/org_1" label="Overview" exact=true />
            <Tab href=ADDRESS label="Members" count=1204 />
            <Tab href="/x1" label="Invitations" count=12 />
            <Tab href="/x2" label="Apps" />
            <Tab href="/x3" label="Roles" />
            <Tab href="/x4" label="Domains" />
            <Tab href="/x5" label="Audit" />
            <Tab href="/x6" label="Settings" />
        </Tabs>
        <FilterBar
            action=ADDRESS
            clear_href="#"
            actions=|| {
                view! {
                    <LinkButton href="#" icon=Glyph::Download download=true>
                        "Export"
                    </LinkButton>
                }
            }
        >
            <SearchInput label="Search name, email, phone or id" />
            <FilterSelect
                name="status"
                label="Status"
                options=vec![(String::new(), "Any status".into()), ("active".into(), "Active".into())]
            />
            <FilterSelect name="role" label="Role" options=vec![(String::new(), "Any role".into())] />
        </FilterBar>
        <SelectArea>
            <Card flush=true>
                <Table
                    label="Members of Acme Industries"
                    head=|| {
                        view! {
                            <SelectAll />
                            <Th label="Name" sort_href="?sort=-name" sorted=Sorted::Ascending />
                            <Th label="Status" />
                            <Th label="Roles" />
                            <Th label="Apps" numeric=true />
                            <Th label="Last sign-in" sort_href="?sort=seen" />
                            <Th label="Actions" hidden=true />
                        }
                    }
                >
                    {people
                        .into_iter()
                        .enumerate()
                        .map(|(at, (name, email, state, roles, apps))| {
                            view! {
                                <Tr>
                                    <SelectCell
                                        form="bulk"
                                        name="members[]"
                                        value=at.to_string()
                                        label=format!("Select {name}")
                                    />
                                    <NameCell
                                        href="#"
                                        name
                                        detail=email
                                        lead=move || view! { <Avatar name /> }
                                    />
                                    <Td label="Status">
                                        <Status state />
                                    </Td>
                                    <Td label="Roles">{roles}</Td>
                                    <Td label="Apps" numeric=true>
                                        {apps}
                                    </Td>
                                    <Td label="Last sign-in">
                                        <MaybeTime ms=(apps > 0).then_some(1_772_366_400_000) />
                                    </Td>
                                    <ActionsCell>
                                        <Menu id=format!("menu-{at}") label=format!("Actions for {name}")>
                                            <MenuLink href="#" icon=Glyph::Person>
                                                "Details"
                                            </MenuLink>
                                            <MenuButton icon=Glyph::Roles opens="invite">
                                                "Assign roles"
                                            </MenuButton>
                                            <MenuButton
                                                icon=Glyph::Pause
                                                disabled_reason="The last administrator cannot be suspended."
                                            >
                                                "Suspend"
                                            </MenuButton>
                                            <MenuRule />
                                            <MenuButton icon=Glyph::Trash danger=true opens="remove">
                                                "Remove from organization"
                                            </MenuButton>
                                        </Menu>
                                    </ActionsCell>
                                </Tr>
                            }
                        })
                        .collect_view()}
                </Table>
                <Pagination
                    shown=6
                    total=1204
                    noun=("member", "members")
                    next="?after=x"
                    size=50
                    size_href=Callback::new(|size| format!("?size={size}"))
                />
            </Card>
            <form id="bulk" method="post">
                <BulkBar form="bulk">
                    <Button size=Size::Small kind="submit" icon=Glyph::Roles>
                        "Assign roles"
                    </Button>
                    <Button size=Size::Small kind="submit" icon=Glyph::Pause>
                        "Suspend"
                    </Button>
                    <Button size=Size::Small kind="submit" variant=Variant::Danger>
                        "Remove"
                    </Button>
                </BulkBar>
            </form>
        </SelectArea>
        <Dialog
            id="invite"
            title="Add members"
            description="They get a link that works for seven days, and appear as Pending until they use it."
        >
            <form method="post">
                <FormGrid>
                    <Field
                        name="emails"
                        label="Email addresses"
                        hint="One or many, separated by commas, spaces or lines."
                        required=true
                    >
                        <ChipsInput
                            value="grace@acme.example not-an-address"
                            check=|text| (!text.contains('@')).then(|| "not an email address".to_owned())
                        />
                    </Field>
                    <CheckboxGroup
                        name="roles[]"
                        legend="Roles"
                        options=vec![
                            Choice::new("member", "Member").hint("Uses the applications of the organization."),
                            Choice::new("admin", "Administrator")
                                .hint("Invites and removes people, and assigns roles."),
                            Choice::new("owner", "Owner").disabled("Only an owner may give this role."),
                        ]
                        values=vec!["member".into()]
                    />
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary>
                        "Send invitations"
                    </Button>
                    <Button closes="invite">"Cancel"</Button>
                </FormActions>
            </form>
        </Dialog>
        <Dialog id="remove" title="Remove Karen Spärck Jones from Acme Industries?">
            <form method="post">
                <ConfirmBody dialog="remove" confirm="Remove member" type_name="Karen Spärck Jones">
                    <p>"She loses access at once. Her user account and her other organizations stay."</p>
                    <Consequences items=vec![
                        "2 roles, in 2 applications".into(),
                        "3 sessions end".into(),
                    ] />
                </ConfirmBody>
            </form>
        </Dialog>
    }
    .into_any()
}

fn home() -> AnyView {
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

fn forms() -> AnyView {
    view! {
        <PageHeader title="Settings" description="How people and organizations come in." />
        <div class="stack">
        <Guarded>
            <form method="post">
                <FormError
                    message="Two things need your attention."
                    fields=vec![
                        ("sender".into(), "Enter the address that mail comes from.".into()),
                        ("limit".into(), "The limit is a number from 1 to 365.".into()),
                    ]
                />
                <Section title="Mail" description="Invitations and notices are sent with this name and address.">
                    <FormGrid columns=true>
                        <Field name="sender_name" label="Sender's name" required=true>
                            <TextInput value="Acme Console" />
                        </Field>
                        <Field
                            name="sender"
                            label="Sender's address"
                            hint="Answers go there too."
                            error="Enter the address that mail comes from."
                            required=true
                        >
                            <TextInput kind="email" placeholder="console@acme.example" />
                        </Field>
                        <Field name="language" label="Language">
                            <Select
                                options=vec![Choice::new("en", "English"), Choice::new("de", "Deutsch")]
                                value="en"
                            />
                        </Field>
                        <Field name="password" label="SMTP password" optional=true>
                            <PasswordInput />
                        </Field>
                    </FormGrid>
                </Section>
                <Section title="Registration" description="Whether organizations may register themselves.">
                    <FormGrid>
                        <RadioGroup
                            name="registration"
                            legend="Self-registration"
                            options=vec![
                                Choice::new("off", "Off").hint("You create every organization."),
                                Choice::new("approval", "With approval")
                                    .hint("They wait under Pending registrations until you decide."),
                                Choice::new("open", "Open").disabled("Needs verified mail settings first."),
                            ]
                            value="approval"
                        />
                        <Checkbox
                            name="notify"
                            label="Tell administrators about new registrations"
                            checked=true
                            hint="One mail each, at most once an hour."
                        />
                        <Field name="welcome" label="Welcome text" hint="Markdown is not read.">
                            <Textarea value="Welcome to <Acme> & friends." />
                        </Field>
                    </FormGrid>
                </Section>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary>
                        "Save changes"
                    </Button>
                    <Button kind="reset" variant=Variant::Ghost>
                        "Discard"
                    </Button>
                </FormActions>
            </form>
        </Guarded>
        <Card danger=true title="Delete this organization" description="1 204 members lose access at once.">
            <Button
                variant=Variant::Danger
                icon=Glyph::Trash
                disabled_reason="Only an owner may delete the organization."
            >
                "Delete organization"
            </Button>
        </Card>
        </div>
    }
    .into_any()
}

fn pieces() -> AnyView {
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

fn sign_in() -> AnyView {
    view! {
        <AuthShell
            title="Sign in"
            description="to Acme Console"
            footer=|| {
                view! {
                    "New here? "
                    <a href="#">"Register your organization"</a>
                }
            }
        >
            <form method="post">
                <FormGrid>
                    <Field name="email" label="Email" required=true>
                        <TextInput kind="email" autocomplete="username" />
                    </Field>
                    <Field name="password" label="Password" required=true>
                        <PasswordInput />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary block=true>
                        "Continue"
                    </Button>
                </FormActions>
            </form>
        </AuthShell>
    }
    .into_any()
}

fn error() -> AnyView {
    view! {
        <ErrorPage
            status=404
            title="This page does not exist"
            message="Either the address is wrong, or what was here is gone, or it belongs to an organization that you are not in."
            reference="ref_7Jd0pQ2m"
            back_href="/admin"
        />
    }
    .into_any()
}
