"""One row for every route of the API: what a caller who may gets, and what its body must show. matrix.py makes the whole
matrix of it: who may not is worked out from the route's scopes and its path, never written here.

A line: METHOD pattern, status, then words:
  name       the 2xx body holds this fixture's value (matrix.World.own), e.g. the id that the path names
  -          nothing to show (204, or a list that is empty here)
  fresh=X    X makes an object of its own for every call that will succeed: the call ends it
  body=X     the request's body is BODIES[X]
  people     only callers who are a person get this status, tokens of the organization get 403 or 400
  open       nobody needs to sign in; the row's status for everybody
  elsewhere=N  a member without the project gets N: the body names it
  author     only the one who made it; others get 403
  selfservice  oneself or who may change teams
  query=X    what matrix.QUERIES says stands behind the path
  self       everybody is shown himself
  shared     not bound to a project: a member without the project gets it too
"""

ROWS = """
GET openapi.json 200 - open
GET  200 - open
GET auth/ 200 caller people self
GET users/me/ 200 caller people self
PUT users/me/ 200 caller body=name
POST mishap/login/ 400 - open
GET mishap/session/ 200 - open
POST mishap/logout/ 204 - fresh=login
GET mishap/sessions/ 200 -
DELETE mishap/sessions/{session}/ 204 - fresh=session
PUT mishap/password/ 400 - body=empty
GET mishap/invites/{secret}/ 200 o open
POST mishap/invites/{secret}/accept/ 400 - open
GET api-tokens/ 200 -
POST api-tokens/ 201 - body=token
DELETE api-tokens/{token}/ 204 - fresh=personal_token
GET organizations/ 200 o
GET organizations/{o}/ 200 o
PUT organizations/{o}/ 200 o body=empty
GET organizations/{o}/audit-logs/ 200 -
GET organizations/{o}/org-auth-tokens/ 200 token
GET organizations/{o}/org-auth-tokens/{token}/ 200 token
POST organizations/{o}/org-auth-tokens/ 201 - body=name
PUT organizations/{o}/org-auth-tokens/{token}/ 204 - body=name
DELETE organizations/{o}/org-auth-tokens/{token}/ 204 - fresh=token
GET organizations/{o}/teams/ 200 t shared
POST organizations/{o}/teams/ 201 - body=team
GET organizations/{o}/user-teams/ 200 -
GET teams/{o}/{t}/ 200 t
PUT teams/{o}/{t}/ 200 t body=empty
DELETE teams/{o}/{t}/ 204 - fresh=t
GET teams/{o}/{t}/members/ 200 -
GET teams/{o}/{t}/projects/ 200 p
GET projects/{o}/{p}/teams/ 200 t
POST projects/{o}/{p}/teams/{t}/ 201 p
DELETE projects/{o}/{p}/teams/{t}/ 200 p fresh=t
GET organizations/{o}/members/ 200 m shared
GET organizations/{o}/members/{m}/ 200 m
POST organizations/{o}/members/ 201 - body=invite
PUT organizations/{o}/members/{m}/ 200 m body=empty
DELETE organizations/{o}/members/{m}/ 204 - fresh=m
POST organizations/{o}/members/{m}/teams/{t}/ 204 - selfservice
DELETE organizations/{o}/members/{m}/teams/{t}/ 200 - fresh=t selfservice
GET organizations/{o}/users/ 200 m shared
GET projects/{o}/{p}/members/ 200 m
GET organizations/{o}/projects/ 200 p
POST organizations/{o}/projects/ 201 - body=project
GET organizations/{o}/project-keys/ 200 k
GET organizations/{o}/environments/ 200 environment
GET projects/ 200 p
GET projects/{o}/{p}/ 200 p
PUT projects/{o}/{p}/ 200 p body=empty
DELETE projects/{o}/{p}/ 204 - fresh=p
GET projects/{o}/{p}/keys/ 200 k
POST projects/{o}/{p}/keys/ 201 - body=empty
GET projects/{o}/{p}/keys/{k}/ 200 k
PUT projects/{o}/{p}/keys/{k}/ 200 k body=empty
DELETE projects/{o}/{p}/keys/{k}/ 204 - fresh=k
GET projects/{o}/{p}/keys/{k}/stats/ 200 -
GET projects/{o}/{p}/environments/ 200 environment
GET projects/{o}/{p}/environments/{environment}/ 200 environment
PUT projects/{o}/{p}/environments/{environment}/ 200 environment body=shown
GET projects/{o}/{p}/filters/ 200 -
PUT projects/{o}/{p}/filters/{filter}/ 204 - body=active
GET projects/{o}/{p}/stats/ 200 -
GET organizations/{o}/stats/ 200 -
GET organizations/{o}/stats_v2/ 200 - query=outcomes
POST teams/{o}/{t}/projects/ 201 - body=project
GET organizations/{o}/issues/ 200 i
GET projects/{o}/{p}/issues/ 200 i
GET organizations/{o}/issues-stats/ 200 i query=groups
GET organizations/{o}/releases/{v}/resolved/ 200 -
GET projects/{o}/{p}/releases/{v}/resolved/ 200 -
GET projects/{o}/{p}/stacktrace-link/ 200 -
GET organizations/{o}/issues-count/ 200 - query=text
GET organizations/{o}/tags/ 200 key
GET organizations/{o}/tags/{key}/values/ 200 -
GET projects/{o}/{p}/tags/ 200 key
GET projects/{o}/{p}/tags/{key}/values/ 200 -
GET organizations/{o}/eventids/{e}/ 200 e
GET organizations/{o}/events/{pe}/ 200 e
GET projects/{o}/{p}/events/ 200 e
GET projects/{o}/{p}/events/{e}/ 200 e
GET projects/{o}/{p}/events/{e}/json/ 200 e
GET [organizations/{o}/]issues/{i}/events/ 200 e
GET [organizations/{o}/]issues/{i}/events/{e}/ 200 e
GET [organizations/{o}/]issues/{i}/events/{e}/json/ 200 e
GET organizations/{o}/shortids/{short}/ 200 i
GET [organizations/{o}/]issues/{i}/ 200 i
GET [organizations/{o}/]issues/{i}/tags/ 200 key
GET [organizations/{o}/]issues/{i}/tags/{key}/ 200 key
GET [organizations/{o}/]issues/{i}/tags/{key}/values/ 200 -
GET [organizations/{o}/]issues/{i}/activities/ 200 -
GET [organizations/{o}/]issues/{i}/stats/ 200 -
GET [organizations/{o}/]issues/{i}/first-last-release/ 200 v
GET [organizations/{o}/]issues/{i}/external-issues/ 200 -
GET [organizations/{o}/]issues/{i}/user-reports/ 200 -
GET [organizations/{o}/]issues/{i}/user-feedback/ 200 -
GET [organizations/{o}/]issues/{i}/attachments/ 200 -
GET [organizations/{o}/]issues/{i}/hashes/ 200 h
GET mishap/organizations/{o}/issues/{i}/explanation/ 200 i
GET mishap/organizations/{o}/issues/{i}/explanation/{h}/ 200 h
PUT [organizations/{o}/]issues/{i}/hashes/ 202 i fresh=i_merged query=hash
DELETE [organizations/{o}/]issues/{i}/hashes/ 202 i fresh=i_merged query=hash
GET mishap/organizations/{o}/issues/{i}/split/ 200 -
POST mishap/organizations/{o}/issues/{i}/split/ 200 i fresh=i_stack
POST mishap/organizations/{o}/issues/{i}/discard/ 200 i fresh=i
POST mishap/organizations/{o}/issues/{i}/release/ 200 i fresh=i_flood
GET mishap/organizations/{o}/regressed/ 200 - query=release
GET mishap/projects/{o}/{p}/grouping-log/ 200 log
POST mishap/projects/{o}/{p}/grouping-log/{log}/undo/ 200 log fresh=log
GET mishap/projects/{o}/{p}/grouping/ 200 -
PUT mishap/projects/{o}/{p}/grouping/ 200 - body=empty
GET mishap/projects/{o}/{p}/grouping/versions/ 200 -
POST mishap/projects/{o}/{p}/grouping/preview/ 200 - body=empty
GET mishap/projects/{o}/{p}/events/{e}/explanation/ 200 e
GET mishap/projects/{o}/{p}/events/{e}/difference/{other}/ 200 -
PUT organizations/{o}/issues/ 200 - body=empty elsewhere=204
PUT projects/{o}/{p}/issues/ 200 - body=empty
DELETE organizations/{o}/issues/ 204 - fresh=i query=id
DELETE projects/{o}/{p}/issues/ 204 - fresh=i query=id
PUT [organizations/{o}/]issues/{i}/ 200 i body=empty
DELETE [organizations/{o}/]issues/{i}/ 202 - fresh=i
GET [organizations/{o}/]issues/{i}/notes/ 200 -
POST [organizations/{o}/]issues/{i}/notes/ 201 - body=note
PUT [organizations/{o}/]issues/{i}/notes/{n}/ 200 n body=note author
DELETE [organizations/{o}/]issues/{i}/notes/{n}/ 204 - author fresh=n
GET [organizations/{o}/]issues/{i}/comments/ 200 -
POST [organizations/{o}/]issues/{i}/comments/ 201 - body=note
PUT [organizations/{o}/]issues/{i}/comments/{n}/ 200 n body=note author
DELETE [organizations/{o}/]issues/{i}/comments/{n}/ 204 - author fresh=n
GET [organizations/{o}/]issues/{i}/participants/ 200 -
GET organizations/{o}/shared/issues/{share}/ 404 - open
POST mishap/organizations/{o}/bulk/ 201 - query=all
GET mishap/organizations/{o}/bulk/{b}/ 200 b
POST mishap/organizations/{o}/bulk/{b}/apply/ 202 - fresh=b body=resolve
POST mishap/organizations/{o}/bulk/{b}/undo/ 202 - fresh=b_applied
GET organizations/{o}/releases/ 200 v
POST organizations/{o}/releases/ 201 - body=release elsewhere=400
GET organizations/{o}/releases/{v}/ 200 v
PUT organizations/{o}/releases/{v}/ 200 v body=empty
DELETE organizations/{o}/releases/{v}/ 204 - fresh=v
GET organizations/{o}/releases/{v}/commits/ 200 -
GET organizations/{o}/releases/{v}/commitfiles/ 200 -
GET organizations/{o}/releases/{v}/previous-with-commits/ 200 -
GET organizations/{o}/releases/{v}/meta/ 200 v
GET organizations/{o}/releases/{v}/deploys/ 200 -
POST organizations/{o}/releases/{v}/deploys/ 201 - body=deploy
GET projects/{o}/{p}/releases/ 200 v
POST projects/{o}/{p}/releases/ 201 - body=release
GET projects/{o}/{p}/releases/{v}/ 200 v
PUT projects/{o}/{p}/releases/{v}/ 200 v body=empty
DELETE projects/{o}/{p}/releases/{v}/ 204 - fresh=v
GET projects/{o}/{p}/releases/{v}/commits/ 200 -
GET organizations/{o}/chunk-upload/ 200 - shared
POST organizations/{o}/chunk-upload/ 400 -
POST organizations/{o}/artifactbundle/assemble/ 400 - body=empty
POST organizations/{o}/releases/{v}/assemble/ 400 - body=empty
GET organizations/{o}/releases/{v}/files/ 200 file
POST organizations/{o}/releases/{v}/files/ 400 -
GET organizations/{o}/releases/{v}/files/{file}/ 200 file
PUT organizations/{o}/releases/{v}/files/{file}/ 200 file body=empty
DELETE organizations/{o}/releases/{v}/files/{file}/ 204 - fresh=file
GET projects/{o}/{p}/releases/{v}/files/ 200 file
POST projects/{o}/{p}/releases/{v}/files/ 400 -
GET projects/{o}/{p}/releases/{v}/files/{file}/ 200 file
PUT projects/{o}/{p}/releases/{v}/files/{file}/ 200 file body=empty
DELETE projects/{o}/{p}/releases/{v}/files/{file}/ 204 - fresh=file
POST projects/{o}/{p}/files/difs/assemble/ 200 - body=empty
GET projects/{o}/{p}/files/dsyms/ 200 -
DELETE projects/{o}/{p}/files/dsyms/ 400 -
GET projects/{o}/{p}/files/artifact-bundles/ 200 -
GET projects/{o}/{p}/events/{e}/attachments/ 200 a
GET projects/{o}/{p}/events/{e}/attachments/{a}/ 200 a
DELETE projects/{o}/{p}/events/{e}/attachments/{a}/ 204 - fresh=a
GET projects/{o}/{p}/user-feedback/ 200 -
POST projects/{o}/{p}/user-feedback/ 200 - body=report
GET mishap/organizations/{o}/issues/{i}/events/{e}/compare/{other}/ 200 -
GET mishap/organizations/{o}/issues/{i}/markdown/ 200 -
GET mishap/organizations/{o}/issues/{i}/similar/ 200 -
GET mishap/organizations/{o}/issues/{i}/tag-share/{key}/ 200 -
GET mishap/projects/{o}/{p}/refused/ 200 -
GET mishap/organizations/{o}/stream/ 200 - query=short
GET mishap/organizations/{o}/health/ 200 -
GET mishap/organizations/{o}/search/ 200 - query=text
GET organizations/{o}/events/ 200 e query=fields
GET organizations/{o}/events/validate/ 200 - query=fields
GET organizations/{o}/events-stats/ 200 -
GET organizations/{o}/events-timeseries/ 200 -
GET organizations/{o}/workflows/ 200 -
GET organizations/{o}/detectors/ 200 -
GET organizations/{o}/alert-rules/ 200 -
GET organizations/{o}/combined-rules/ 200 -
GET organizations/{o}/dashboards/ 200 -
GET organizations/{o}/monitors/ 200 monitor
GET organizations/{o}/monitors/{monitor}/ 200 monitor
GET organizations/{o}/monitors/{monitor}/checkins/ 200 -
GET organizations/{o}/monitors/{monitor}/stats/ 200 -
GET organizations/{o}/repos/ 200 repo shared
POST organizations/{o}/repos/ 201 - body=repository
DELETE organizations/{o}/repos/{repo}/ 204 - fresh=repo
GET organizations/{o}/repos/{repo}/commits/ 200 - shared
"""


def rows():
    """{"METHOD pattern": (status, what it shows or None, {word: value or True})}"""
    out = {}
    for line in ROWS.strip("\n").splitlines():
        route, _, rest = line.partition(" 20") if " 20" in line else line.partition(" 40")
        rest = ("20" if " 20" in line else "40") + rest
        status, shows, *words = rest.split()
        options = {word.partition("=")[0]: word.partition("=")[2] or True for word in words}
        row = (int(status), None if shows == "-" else shows, options)
        if "[" in route:
            out[route.replace("[organizations/{o}/]", "organizations/{o}/")] = row
            out[route.replace("[organizations/{o}/]", "")] = row
        else:
            out[route] = row
    return out


def unique(n):
    """Bodies by name; n makes names that nobody has taken."""
    return {
        "empty": {}, "name": {"name": f"name {n}"}, "token": {"name": f"token {n}", "scopes": ["org:read"]},
        "team": {"slug": f"team-{n}"}, "invite": {"email": f"invited{n}@example.com", "orgRole": "viewer"},
        "project": {"name": f"project {n}", "platform": "python"}, "shown": {"isHidden": False}, "active": {"active": False},
        "note": {"text": f"note {n}"}, "resolve": {"status": "resolved"},
        "deploy": {"environment": "production", "name": f"deploy {n}"}, "repository": {"name": f"acme/repo-{n}"},
        "report": {"event_id": "0123456789abcdef0123456789abcdef", "comments": "it broke"},
        "release": {"version": f"web@7.{n}", "projects": ["first-project"]},
    }
