"""The official Python SDK against the Auth0-compatible API: every call that it has for it, and every error.

`cargo xtask test --api` starts a server and runs this. What is in the environment:
GUILDHALL_URL, GUILDHALL_CLIENT_ID and GUILDHALL_CLIENT_SECRET (the backend's), GUILDHALL_APP_CLIENT_ID and
GUILDHALL_APP_CLIENT_SECRET (an application's), GUILDHALL_PART (journey or burst).
"""

import json
import os
import sys
import traceback
import urllib.request
from unittest import mock

import httpx
from auth0.management import Auth0
from auth0.management.core.api_error import ApiError
from auth0.management.errors import (
    BadRequestError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    UnauthorizedError,
)

URL = os.environ["GUILDHALL_URL"]
APP_CLIENT = os.environ.get("GUILDHALL_APP_CLIENT_ID", "")
CONNECTION = "Username-Password-Authentication"


def posted(path, asked):
    """What the server answers beside the SDK."""
    request = urllib.request.Request(f"{URL}{path}", json.dumps(asked).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def token(scope=None):
    asked = {
        "grant_type": "client_credentials",
        "client_id": os.environ["GUILDHALL_CLIENT_ID"],
        "client_secret": os.environ["GUILDHALL_CLIENT_SECRET"],
        "audience": f"{URL}/api/v2/",
    }
    if scope is not None:
        asked["scope"] = scope
    return posted("/oauth/token", asked)["access_token"]


def token_of_the_application():
    asked = {
        "grant_type": "client_credentials",
        "client_id": APP_CLIENT,
        "client_secret": os.environ["GUILDHALL_APP_CLIENT_SECRET"],
    }
    return posted("/oauth/token", asked)["access_token"]


def client(scope=None, **options):
    return Auth0(base_url=f"{URL}/api/v2", token=token(scope), **options)


def refused(kind, call, message=None, code=None, status=None):
    """Expects an exception of a kind, with the body that the reference has. `status` for what the SDK has no kind of its own."""
    try:
        call()
    except kind as error:
        assert isinstance(error, ApiError)
        body = error.body
        assert body["statusCode"] == error.status_code, body
        assert status in (None, error.status_code), body
        if message is not None:
            assert message in body["message"], body
        if code is not None:
            assert body.get("errorCode") == code, body
        return
    raise AssertionError(f"expected {kind.__name__}")


NOBODY = "org_0000000000000000"


def organizations():
    api = client().organizations
    before = {it.id for it in api.list()}
    made = [api.create(name=f"python-{n:03}", display_name=f"Python {n}").id for n in range(250)]
    assert {it.id for it in api.list(take=100)} - before == set(made)
    one = api.get(made[0])
    assert (one.name, one.display_name) == ("python-000", "Python 0")
    assert api.get_by_name("python-000").id == one.id
    changed = api.update(
        made[0],
        display_name="Renamed",
        metadata={"plan": "gold"},
        branding={
            "logo_url": "https://acme.example/logo.png",
            "colors": {"primary": "#0059d6", "page_background": "#ffffff"},
        },
    )
    assert (changed.display_name, changed.metadata) == ("Renamed", {"plan": "gold"})
    assert changed.branding.colors.primary == "#0059d6"
    refused(ConflictError, lambda: api.create(name="python-000"), "An organization with this name already exists.")
    taken = "An organization with this name already exists."
    refused(ApiError, lambda: api.update(made[1], name="python-000"), taken, status=409)
    refused(BadRequestError, lambda: api.create(name="Not A Name"), "Payload validation error: '", "invalid_body")
    refused(BadRequestError, lambda: api.list(take=101), "Query validation error: '", "invalid_query_string")
    refused(BadRequestError, lambda: api.get("x"), "Path validation error: '", "invalid_uri")
    refused(NotFoundError, lambda: api.get(NOBODY), "No organization found by that id or name")
    refused(NotFoundError, lambda: api.get_by_name("nobody"), "No organization found by that id or name")
    gone = "No organization found by that id or name"
    refused(ApiError, lambda: api.update(NOBODY, display_name="x"), gone, status=404)
    refused(ApiError, lambda: api.delete(NOBODY), gone, status=404)
    for organization in made:
        api.delete(organization)
    assert {it.id for it in api.list()} == before


def members():
    api = client()
    organization = api.organizations.create(name="python-members").id
    people = [
        api.users.create(connection=CONNECTION, email=f"python{n:04}@example.com", name=f"Person {n:04}").user_id
        for n in range(1200)
    ]
    for at in range(0, len(people), 10):
        api.organizations.members.create(organization, members=people[at : at + 10])
    listed = [it.user_id for it in api.organizations.members.list(organization, take=100)]
    assert len(listed) == 1200 and set(listed) == set(people)
    first = next(iter(api.organizations.members.list(organization, fields="user_id,roles", include_fields=True)))
    assert first.email is None and first.roles == []
    roles = [api.roles.create(name=f"Python {n}", description=f"Role {n}").id for n in range(3)]
    own = api.organizations.members.roles
    own.assign(organization, people[0], roles=roles)
    assert {it.id for it in own.list(organization, people[0])} == set(roles)
    assert {it.id for it in own.list(organization, people[0], per_page=2)} == set(roles)
    effective = list(api.organizations.members.effective_roles.list(organization, people[0], take=2))
    assert {it.id for it in effective} == set(roles) and effective[0].sources == ["direct"]
    own.delete(organization, people[0], roles=roles[:2])
    assert [it.id for it in own.list(organization, people[0])] == roles[2:]
    assert organization in {it.id for it in api.users.organizations.list(people[0])}
    refused(BadRequestError, lambda: api.organizations.members.create(organization, members=people[:11]), code="invalid_body")
    refused(BadRequestError, lambda: api.organizations.members.create(organization, members=["x"]), "on property members[0].")
    refused(BadRequestError, lambda: own.assign(organization, people[0], roles=[]), code="invalid_body")
    refused(NotFoundError, lambda: own.list(organization, "auth0|nobody"))
    refused(NotFoundError, lambda: api.organizations.members.list(NOBODY))
    api.organizations.members.delete(organization, members=people[:10])
    assert len(list(api.organizations.members.list(organization, take=100))) == 1190
    api.organizations.delete(organization)
    for role in roles:
        api.roles.delete(role)


def invitations():
    api = client()
    organization = api.organizations.create(name="python-invitations").id
    role = api.roles.create(name="Python guest").id
    invite = lambda **more: api.organizations.invitations.create(
        organization,
        inviter={"name": "Ada Lovelace"},
        invitee={"email": "python-guest@example.com"},
        client_id=APP_CLIENT,
        **more,
    )
    made = invite(roles=[role], ttl_sec=3600, send_invitation_email=False, user_metadata={"a": 1}, app_metadata={"b": 2})
    assert made.id.startswith("uinv_") and made.roles == [role] and made.invitation_url
    assert (made.inviter.name, made.invitee.email) == ("Ada Lovelace", "python-guest@example.com")
    assert (made.expires_at - made.created_at).total_seconds() <= 3601
    own = api.organizations.invitations
    assert [it.id for it in own.list(organization)] == [made.id]
    assert own.get(organization, made.id).client_id == APP_CLIENT
    own.delete(organization, made.id)
    refused(NotFoundError, lambda: own.get(organization, made.id), "The invitation does not exist.", "inexistent_invitation")
    refused(NotFoundError, lambda: own.delete(organization, made.id), "The invitation does not exist.")
    refused(NotFoundError, lambda: own.list(NOBODY), "No organization found by that id.")
    refused(BadRequestError, lambda: invite(ttl_sec=2592001), "on property ttl_sec.", "invalid_body")
    api.organizations.delete(organization)
    api.roles.delete(role)


def connections():
    api = client()
    connection = next(iter(api.connections.list()))
    assert connection.name == CONNECTION
    organization = api.organizations.create(name="python-connections").id
    own = api.organizations.enabled_connections
    made = own.add(organization, connection_id=connection.id, assign_membership_on_login=False)
    assert made.connection.strategy == "auth0"
    assert [it.connection_id for it in own.list(organization)] == [connection.id]
    assert own.update(organization, connection.id, show_as_button=False).show_as_button is False
    assert own.get(organization, connection.id).show_as_button is False
    own.delete(organization, connection.id)
    refused(NotFoundError, lambda: own.get(organization, connection.id), "No connection found by that id")
    refused(NotFoundError, lambda: own.delete(organization, connection.id), "No connection found by that id")
    api.organizations.delete(organization)


def domains():
    api = client()
    organization = api.organizations.create(name="python-domains").id
    own = api.organizations.discovery_domains
    made = own.create(organization, domain="python.invalid")
    assert made.status == "pending" and made.verification_txt and made.verification_host
    assert [it.id for it in own.list(organization)] == [made.id]
    assert own.get(organization, made.id).domain == "python.invalid"
    assert own.get_by_name(organization, "python.invalid").id == made.id
    assert own.update(organization, made.id, use_for_organization_discovery=False).use_for_organization_discovery is False
    refused(ConflictError, lambda: own.create(organization, domain="python.invalid"))
    own.delete(organization, made.id)
    refused(NotFoundError, lambda: own.get(organization, made.id))
    api.organizations.delete(organization)


def tenant():
    api = client()
    role = api.roles.create(name="Python auditor", description="Reads")
    assert api.roles.get(role.id).description == "Reads"
    assert api.roles.update(role.id, name="Python controller").name == "Python controller"
    assert role.id in {it.id for it in api.roles.list(per_page=2)}
    api.roles.delete(role.id)
    refused(NotFoundError, lambda: api.roles.get(role.id))
    user = api.users.create(connection=CONNECTION, email="python-tenant@example.com", user_metadata={"a": 1, "b": 2})
    assert api.users.update(user.user_id, user_metadata={"a": 3}).user_metadata == {"a": 3, "b": 2}
    assert api.users.get(user.user_id).email == "python-tenant@example.com"
    assert [it.user_id for it in api.users.list_users_by_email(email="python-tenant@example.com")] == [user.user_id]
    assert user.user_id in {it.user_id for it in api.users.list(per_page=100)}
    refused(ConflictError, lambda: api.users.create(connection=CONNECTION, email="python-tenant@example.com"))
    api.users.delete(user.user_id)
    refused(NotFoundError, lambda: api.users.get(user.user_id))
    assert api.clients.get(APP_CLIENT).client_id == APP_CLIENT
    assert APP_CLIENT in {it.client_id for it in api.clients.list()}


def scopes():
    narrow = client(scope="create:organization_members")
    refused(
        ForbiddenError,
        lambda: narrow.organizations.list(),
        "Insufficient scope, expected any of: read:organizations",
        "insufficient_scope",
    )
    refused(
        ForbiddenError,
        lambda: narrow.organizations.members.list(NOBODY),
        "Insufficient scope, expected any of: read:organization_members",
        "insufficient_scope",
    )
    # Giving roles is one thing, deciding which an organization gives another.
    api = client()
    organization = api.organizations.create(name="python-scopes").id
    one = api.users.create(connection=CONNECTION, email="python-scopes@example.com").user_id
    api.organizations.members.create(organization, members=[one])
    role = api.roles.create(name="Python scopes").id
    gives = lambda scope: client(scope=scope).organizations.members.roles.assign(organization, one, roles=[role])
    refused(
        ForbiddenError,
        lambda: gives("create:organization_member_roles"),
        "Insufficient scope, expected any of: update:organizations",
        "insufficient_scope",
    )
    gives("create:organization_member_roles update:organizations")
    gives("create:organization_member_roles")
    api.organizations.delete(organization)
    api.users.delete(one)
    api.roles.delete(role)
    nobody = Auth0(base_url=f"{URL}/api/v2", token="nonsense")
    refused(UnauthorizedError, lambda: nobody.organizations.list(), "Invalid token")


def errors():
    """Each error of the reference that the other parts do not meet, by the status and body that the SDK hands on."""
    api = client()
    organization = api.organizations.create(name="python-errors").id
    nobody = "auth0|01h00000000000000000000000"
    connection = "con_01h00000000000000000000000"
    domain = api.organizations.discovery_domains
    enabled = api.organizations.enabled_connections
    people = api.organizations.members
    no_organization = "No organization found by that id or name"
    no_connection = "No connection found by that id"
    no_member = "The user is not a member of this organization."
    no_domain = "The discovery domain does not exist."
    no_role = "The role does not exist."
    one = api.users.create(connection=CONNECTION, email="python-errors@example.com").user_id
    role = api.roles.create(name="Python errors").id
    invite = lambda of, **more: api.organizations.invitations.create(
        of, inviter={"name": "Ada"}, invitee={"email": "python-errors-2@example.com"}, client_id=APP_CLIENT, **more
    )
    query = {"additional_query_parameters": {"dry": "run"}}
    gone = domain.create(organization, domain="python-errors.invalid").id
    domain.delete(organization, gone)
    invitation = invite(organization, send_invitation_email=False).id
    api.organizations.invitations.delete(organization, invitation)
    for status, call, message, code in [
        (400, lambda: api.organizations.update(organization, name="Not A Name"), "on property name.", "invalid_body"),
        (400, lambda: api.organizations.update("x", name="python-errors-3"), "Path validation error: '", "invalid_uri"),
        (400, lambda: people.create(organization, members=[one], request_options=query), "Query validation error: '", "invalid_query_string"),
        (400, lambda: people.create(organization, members=[nobody]), "on property members[0].", "invalid_body"),
        (404, lambda: people.create(NOBODY, members=[one]), no_organization, None),
        (400, lambda: people.delete(organization, members=["x"]), "on property members[0].", "invalid_body"),
        (404, lambda: people.delete(NOBODY, members=[one]), no_organization, None),
        (400, lambda: people.list(organization, take=101), "on property take.", "invalid_query_string"),
        (404, lambda: people.roles.list(organization, one), no_member, None),
        (404, lambda: people.roles.assign(organization, one, roles=[role]), no_member, None),
        (404, lambda: people.roles.delete(organization, one, roles=[role]), no_member, None),
        (404, lambda: people.effective_roles.list(organization, one), no_member, None),
        (404, lambda: invite(NOBODY), "No organization found by that id.", None),
        (400, lambda: invite(organization, roles=["rol_01h00000000000000000000000"]), "on property roles[0].", "invalid_body"),
        (404, lambda: api.organizations.invitations.get(organization, invitation), "The invitation does not exist.", "inexistent_invitation"),
        (404, lambda: enabled.add(organization, connection_id=connection), no_connection, None),
        (404, lambda: enabled.update(organization, connection, show_as_button=False), no_connection, None),
        (404, lambda: enabled.list(NOBODY), no_organization, None),
        (404, lambda: domain.update(organization, gone, use_for_organization_discovery=False), no_domain, None),
        (404, lambda: domain.delete(organization, gone), no_domain, None),
        (404, lambda: domain.get_by_name(organization, "python-errors.invalid"), no_domain, None),
        (404, lambda: domain.list(NOBODY), no_organization, None),
        (409, lambda: api.roles.create(name="Python errors"), None, None),
        (404, lambda: api.roles.update("rol_01h00000000000000000000000", name="x"), no_role, None),
        (400, lambda: api.users.create(connection="google", email="python-errors-4@example.com"), "on property connection.", "invalid_body"),
        (404, lambda: api.users.update(nobody, given_name="x"), "The user does not exist.", None),
        (404, lambda: api.clients.get("cli_01h00000000000000000000000"), "The client does not exist.", None),
    ]:
        refused(ApiError, call, message, code, status)
    api.organizations.delete(organization)
    api.users.delete(one)
    api.roles.delete(role)


def strangers():
    """Tokens that do not open this API."""
    url = f"{URL}/api/v2"
    head, signature = token().rsplit(".", 1)
    forged = Auth0(base_url=url, token=f"{head}.{signature[::-1]}")
    refused(UnauthorizedError, lambda: forged.organizations.list(), "Invalid signature received for JSON Web Token validation")
    application = Auth0(base_url=url, token=token_of_the_application())
    refused(UnauthorizedError, lambda: application.organizations.list(), "Client is not global.")


def burst():
    patient, impatient = client(max_retries=5), client(max_retries=0)
    statuses = []
    send = httpx.Client.send

    def counted(self, request, **options):
        answer = send(self, request, **options)
        statuses.append(answer.status_code)
        return answer

    with mock.patch.object(httpx.Client, "send", counted):
        for _ in range(40):
            patient.organizations.list(take=1)
        # The server did say no, and the SDK came again until it said yes.
        assert statuses.count(200) == 40 and statuses.count(429) > 0, statuses
        assert set(statuses) == {200, 429}, statuses

    def until_refused():
        for _ in range(100):
            impatient.organizations.list(take=1)

    refused(ApiError, until_refused, "Too many requests.", status=429)


PARTS = {
    "journey": [organizations, members, invitations, connections, domains, tenant, scopes, errors, strangers],
    "burst": [burst],
}


def main():
    passed = failed = 0
    for part in PARTS[os.environ["GUILDHALL_PART"]]:
        try:
            part()
            passed += 1
            print(f"ok {part.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED {part.__name__}", flush=True)
            traceback.print_exc()
    print(f"sdk result: {passed} passed; {failed} failed", flush=True)
    sys.exit(1 if failed else 0)


main()
