//! A list with everything that belongs to it.

use crate::ADDRESS;
use app::ui::prelude::*;
use leptos::prelude::*;

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

pub fn members() -> AnyView {
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
