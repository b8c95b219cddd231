package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.security.access.Permission.ANALYSE;
import static org.gridwarden.security.access.Permission.APPROVE;
import static org.gridwarden.security.access.Permission.BILL;
import static org.gridwarden.security.access.Permission.COMMAND;
import static org.gridwarden.security.access.Permission.MANAGE_FIRMWARE;
import static org.gridwarden.security.access.Permission.MANAGE_KEYS;
import static org.gridwarden.security.access.Permission.MANAGE_METERS;
import static org.gridwarden.security.access.Permission.MANAGE_ROLES;
import static org.gridwarden.security.access.Permission.MANAGE_USERS;
import static org.gridwarden.security.access.Permission.READ_AUDIT;
import static org.gridwarden.security.access.Permission.READ_HEALTH;
import static org.gridwarden.security.access.Permission.SERVE_CUSTOMERS;
import static org.gridwarden.server.SharedServer.Who.COMMAND_LINE;
import static org.gridwarden.server.SharedServer.Who.NOBODY;

import java.lang.reflect.Method;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gridwarden.security.access.Permission;
import org.gridwarden.server.SharedServer.Who;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.util.pattern.PathPatternParser;

/** S9: who gets what from every route of the API, asked of a running server. */
@ExtendWith(SharedServer.Lender.class)
class RolesIT {
  private static final String NO_METER = "/api/v1/meters/NONE-SUCH";
  private static final String NO_COMMAND = "/api/v1/commands/00000000-0000-7000-8000-000000000000";
  private static final String NO_KEY = "/api/v1/operator-keys/0000000000000000";

  /** What a token may not change, whatever its roles: two tokens are no four eyes. */
  private static final Pattern PEOPLE =
      Pattern.compile(
          "/api/v1/(analytics/key|commands|command-policy|erasures|operator-keys|certificates|keys|third-parties|consents|cim/controls|trust|exceptions|tariffs|ledger|budget-plans|bills|firmware/(keys|campaigns)|backups|meters/\\{id}/(protection|access)|users/\\{name}/ssh-keys|zigbee/\\{coordinator}/refresh-key).*");

  /** As the rules call them. */
  private static final Permission[] EVERYONE = {Permission.VIEW};

  private static final Permission OPERATOR = Permission.OPERATE;
  private static final Permission[] FIELD = {Permission.OPERATE, MANAGE_METERS, SERVE_CUSTOMERS};
  private static final Permission SECURITY_ADMINISTRATOR = MANAGE_KEYS;
  private static final Permission AUDITOR = READ_AUDIT;
  private static final Permission[] OWN = {Permission.VIEW, Permission.VIEW_OWN};
  private static final String NO_RUN = "/api/v1/bill-runs/00000000-0000-0000-0000-000000000000";
  private static final Permission[] SELF = Permission.values();

  /**
   * A route and what it answers.
   *
   * @param pattern as the controller names it
   * @param call the same with values in it
   * @param body what is sent; what is wrong in it makes that the call changes nothing
   * @param status to those that may
   * @param needed of which one is needed; none at all: it is open to all
   */
  record Route(
      String method, String pattern, String call, String body, int status, Set<Permission> needed) {
    boolean changes() {
      return !method.equals("GET");
    }

    int expected(Who who) {
      if (who == NOBODY) {
        // without a session there is no CSRF token either; logging in needs none
        boolean open = needed.isEmpty() && !ofSession() && !pattern.equals("/api/v1/session");
        boolean logIn = method.equals("POST") && pattern.equals("/api/v1/session");
        return logIn || open ? status : changes() ? 403 : 401;
      }
      if (who == COMMAND_LINE && ofSession()) {
        return 401; // the token has none
      }
      if (who == COMMAND_LINE && changes() && PEOPLE.matcher(pattern).matches()) {
        return 403;
      }
      boolean may = needed.isEmpty() || who.permissions().stream().anyMatch(needed::contains);
      return may ? status : 403;
    }

    private boolean ofSession() {
      return pattern.startsWith("/api/v1/session/") && !needed.isEmpty()
          || pattern.startsWith("/api/v1/sessions")
          || pattern.equals("/api/v1/session") && !changes();
    }

    @Override
    public String toString() {
      return method + " " + call;
    }
  }

  private static Route get(String path, int status, Permission... needed) {
    return route("GET", path, path, "", status, needed);
  }

  private static Route route(
      String method, String pattern, String call, String body, int status, Permission... needed) {
    Set<Permission> may = EnumSet.noneOf(Permission.class);
    may.addAll(Arrays.asList(needed));
    return new Route(method, pattern, call, body, status, may);
  }

  private static Route meter(String rest, String query) {
    return route("GET", "/api/v1/meters/{id}" + rest, NO_METER + rest + query, "", 404, EVERYONE);
  }

  /** What consumers ask, too, of a meter that is not theirs. */
  private static Route ofOwn(String rest, String query) {
    return route("GET", "/api/v1/meters/{id}" + rest, NO_METER + rest + query, "", 404, OWN);
  }

  private static Route bill(String form, Permission too) {
    return route(
        "GET", "/api/v1/bills/{number}" + form, "/api/v1/bills/none" + form, "", 404, BILL, too);
  }

  /** What consumers ask of a service point that is not theirs. */
  private static Route own(String method, String rest, String body) {
    String path = "/api/v1/own" + rest;
    return route(method, path, path + "?servicePoint=none", body, 404, Permission.VIEW_OWN);
  }

  private static Route ownBill(String form) {
    return route(
        "GET",
        "/api/v1/own/bills/{number}" + form,
        "/api/v1/own/bills/none" + form,
        "",
        404,
        Permission.VIEW_OWN);
  }

  private static Route command(String act, Permission... needed) {
    return route("POST", "/api/v1/commands/{id}/" + act, NO_COMMAND + "/" + act, "{}", 404, needed);
  }

  private static Route lift(String act, Permission needed) {
    return route(
        "POST",
        "/api/v1/meters/{id}/protection/lift" + act,
        NO_METER + "/protection/lift" + act,
        "{\"reason\":\"x\"}",
        404,
        needed);
  }

  private static Route account(String method, String rest, String body, Permission... needed) {
    return route(
        method,
        "/api/v1/accounts/{id}" + rest,
        "/api/v1/accounts/NONE-SUCH" + rest.replace("{name}", "nobody"),
        body,
        404,
        needed);
  }

  private static Route exception(String act) {
    return route(
        "POST",
        "/api/v1/exceptions/{id}/" + act,
        "/api/v1/exceptions/0/" + act,
        "{}",
        404,
        BILL,
        OPERATOR);
  }

  private static Route work(String act, String body) {
    return route("POST", "/api/v1/work/{id}/" + act, "/api/v1/work/0/" + act, body, 404, FIELD);
  }

  private static Route erasure(String act) {
    return route(
        "POST",
        "/api/v1/erasures/{id}/" + act,
        "/api/v1/erasures/999999999/" + act,
        "",
        409,
        SECURITY_ADMINISTRATOR);
  }

  private static Route policy(String act) {
    return route(
        "POST",
        "/api/v1/command-policy/{version}/" + act,
        "/api/v1/command-policy/999999999/" + act,
        "",
        409,
        APPROVE);
  }

  /** Every route. One that is missing here fails {@link #everyRouteStandsInTheTable}. */
  private static final List<Route> TABLE =
      List.of(
          route("POST", "/api/v1/session", "/api/v1/session", "{}", 400),
          get("/api/v1/session", 200),
          route("DELETE", "/api/v1/session", "/api/v1/session", "", 204),
          route("POST", "/api/v1/session/password", "/api/v1/session/password", "{}", 400, SELF),
          get("/api/v1/session/ways", 200),
          route("POST", "/api/v1/session/code", "/api/v1/session/code", "{}", 401),
          get("/api/v1/session/factor", 200, SELF),
          route("POST", "/api/v1/session/factor", "/api/v1/session/factor", "", 200, SELF),
          route(
              "POST",
              "/api/v1/session/factor/confirm",
              "/api/v1/session/factor/confirm",
              "{}",
              400,
              SELF),
          route("DELETE", "/api/v1/session/factor", "/api/v1/session/factor", "{}", 400, SELF),
          get("/api/v1/sessions", 200, SELF),
          route("DELETE", "/api/v1/sessions/{id}", "/api/v1/sessions/none", "", 404, SELF),
          get("/api/v1/meters", 200, OWN),
          meter("", ""),
          ofOwn("/channels", ""),
          ofOwn("/readings", "?channel=1.0.1.29.0.255"),
          ofOwn("/registers", ""),
          ofOwn("/momentary", ""),
          ofOwn("/outlets", ""),
          ofOwn("/export", ""),
          route(
              "GET",
              "/api/v1/service-points/export",
              "/api/v1/service-points/export?servicePoint=nowhere",
              "",
              404,
              OWN),
          get("/api/v1/imports", 200, EVERYONE),
          route("GET", "/api/v1/imports/{id}", "/api/v1/imports/0", "", 404, EVERYONE),
          route(
              "POST",
              "/api/v1/imports",
              "/api/v1/imports?file=x.csv&dryRun=true",
              "serial\n",
              200,
              MANAGE_METERS),
          route("POST", "/api/v1/cim/get", "/api/v1/cim/get", "{}", 400, EVERYONE),
          route("POST", "/api/v1/cim/readings", "/api/v1/cim/readings", "{}", 400, MANAGE_METERS),
          route("POST", "/api/v1/cim/meters", "/api/v1/cim/meters", "{}", 400, MANAGE_METERS),
          route("POST", "/api/v1/cim/controls", "/api/v1/cim/controls", "{}", 400, COMMAND),
          get("/api/v1/third-parties", 200, OWN),
          route(
              "POST", "/api/v1/third-parties", "/api/v1/third-parties", "{}", 400, SERVE_CUSTOMERS),
          route(
              "DELETE",
              "/api/v1/third-parties/{name}",
              "/api/v1/third-parties/none",
              "",
              404,
              SERVE_CUSTOMERS),
          get("/api/v1/consents", 200, Permission.VIEW_OWN),
          route("POST", "/api/v1/consents", "/api/v1/consents", "{}", 400, Permission.VIEW_OWN),
          route(
              "DELETE",
              "/api/v1/consents/{id}",
              "/api/v1/consents/none",
              "",
              404,
              Permission.VIEW_OWN),
          get("/api/v1/own/points", 200, Permission.VIEW_OWN),
          own("GET", "/usage", ""),
          own("GET", "/comparison", ""),
          own("GET", "/tips", ""),
          own("GET", "/what-if", ""),
          own("GET", "/budget", ""),
          own("PUT", "/budget", "{\"amount\":\"1\"}"),
          own("DELETE", "/budget", ""),
          get("/api/v1/own/bills", 200, Permission.VIEW_OWN),
          ownBill(""),
          ownBill("/proof"),
          ownBill("/page"),
          ownBill("/pdf"),
          ownBill("/xml"),
          get("/api/v1/own/erasures", 200, Permission.VIEW_OWN),
          route(
              "POST",
              "/api/v1/own/erasures",
              "/api/v1/own/erasures",
              "{}",
              400,
              Permission.VIEW_OWN),
          route("POST", "/espi/1_1/oauth/token", "/espi/1_1/oauth/token", "", 401),
          route(
              "GET",
              "/espi/1_1/resource/Batch/Subscription/{id}",
              "/espi/1_1/resource/Batch/Subscription/0",
              "",
              401),
          meter("/events", ""),
          route(
              "POST",
              "/api/v1/meters/import",
              "/api/v1/meters/import?dryRun=true",
              "serial\n",
              200,
              MANAGE_METERS),
          route("POST", "/api/v1/meters/{id}/read", NO_METER + "/read", "", 404, OPERATOR),
          route("PUT", "/api/v1/meters/{id}/reach", NO_METER + "/reach", "{}", 404, MANAGE_METERS),
          route(
              "PUT",
              "/api/v1/meters/{id}/outlets/{outlet}",
              NO_METER + "/outlets/1",
              "{}",
              404,
              MANAGE_METERS),
          route(
              "PUT",
              "/api/v1/meters/{id}/protection",
              NO_METER + "/protection",
              "{\"reason\":\"x\"}",
              404,
              SERVE_CUSTOMERS),
          lift("", SERVE_CUSTOMERS),
          lift("/release", APPROVE),
          lift("/refuse", APPROVE),
          get("/api/v1/protections", 200, EVERYONE),
          get("/api/v1/commands", 200, EVERYONE),
          route("POST", "/api/v1/commands", "/api/v1/commands", "{}", 400, COMMAND),
          route("POST", "/api/v1/commands/sign", "/api/v1/commands/sign", "{}", 400, COMMAND),
          route("POST", "/api/v1/commands/approve", "/api/v1/commands/approve", "{}", 400, APPROVE),
          route(
              "POST",
              "/api/v1/commands/refuse",
              "/api/v1/commands/refuse",
              "{}",
              400,
              COMMAND,
              APPROVE),
          route("GET", "/api/v1/commands/{id}", NO_COMMAND, "", 404, EVERYONE),
          command("approve", APPROVE),
          command("refuse", COMMAND, APPROVE),
          command("sign", COMMAND),
          get("/api/v1/command-policy", 200, EVERYONE),
          route("POST", "/api/v1/command-policy", "/api/v1/command-policy", "{}", 400, APPROVE),
          policy("approve"),
          policy("refuse"),
          get("/api/v1/operator-keys", 200, COMMAND, BILL, MANAGE_KEYS, READ_AUDIT),
          route("POST", "/api/v1/operator-keys", "/api/v1/operator-keys", "{}", 400, COMMAND, BILL),
          route(
              "POST",
              "/api/v1/operator-keys/{keyId}/approve",
              NO_KEY + "/approve",
              "",
              404,
              SECURITY_ADMINISTRATOR),
          route(
              "DELETE",
              "/api/v1/operator-keys/{keyId}",
              NO_KEY,
              "",
              404,
              COMMAND,
              BILL,
              MANAGE_KEYS),
          get("/api/v1/tariffs", 200, EVERYONE),
          route("GET", "/api/v1/tariffs/{id}", "/api/v1/tariffs/none", "", 404, EVERYONE),
          route("POST", "/api/v1/tariffs", "/api/v1/tariffs", "{}", 400, BILL),
          route(
              "GET",
              "/api/v1/tariffs/prices/{sha256}",
              "/api/v1/tariffs/prices/" + "0".repeat(64),
              "",
              404,
              EVERYONE),
          route("POST", "/api/v1/tariffs/prices", "/api/v1/tariffs/prices", "no", 400, BILL),
          get("/api/v1/ledger/events", 200, BILL, SERVE_CUSTOMERS),
          route(
              "GET",
              "/api/v1/ledger/{account}",
              "/api/v1/ledger/none",
              "",
              404,
              BILL,
              SERVE_CUSTOMERS),
          route("POST", "/api/v1/ledger/{account}", "/api/v1/ledger/none", "{}", 400, BILL),
          get("/api/v1/ledger/prepaid", 200, BILL, SERVE_CUSTOMERS),
          get("/api/v1/budget-plans", 200, BILL, SERVE_CUSTOMERS),
          route("POST", "/api/v1/budget-plans", "/api/v1/budget-plans", "{}", 400, BILL),
          route(
              "POST", "/api/v1/budget-plans/{id}/end", "/api/v1/budget-plans/0/end", "", 404, BILL),
          get("/api/v1/virtual-meters", 200, EVERYONE),
          route(
              "POST", "/api/v1/virtual-meters", "/api/v1/virtual-meters", "{}", 400, MANAGE_METERS),
          route(
              "POST",
              "/api/v1/virtual-meters/{id}/end",
              "/api/v1/virtual-meters/none/end",
              "",
              404,
              MANAGE_METERS),
          route(
              "GET",
              "/api/v1/virtual-meters/{id}/readings",
              "/api/v1/virtual-meters/none/readings?firstDay=2026-11-01&lastDay=2026-11-01",
              "",
              404,
              EVERYONE),
          get("/api/v1/companions", 200, EVERYONE),
          route(
              "PUT",
              "/api/v1/companions/{id}",
              "/api/v1/companions/NONE-SUCH",
              "{}",
              404,
              MANAGE_METERS),
          get("/api/v1/feeders", 200, EVERYONE),
          route(
              "PUT", "/api/v1/feeders/{feeder}", "/api/v1/feeders/none", "{}", 400, MANAGE_METERS),
          route(
              "GET",
              "/api/v1/feeders/{feeder}/balance",
              "/api/v1/feeders/none/balance?firstDay=2026-11-01&lastDay=2026-11-01",
              "",
              404,
              EVERYONE),
          get("/api/v1/bill-runs", 200, BILL),
          route("POST", "/api/v1/bill-runs", "/api/v1/bill-runs", "{}", 400, BILL),
          route("GET", "/api/v1/bill-runs/{id}", NO_RUN, "", 404, BILL),
          route("GET", "/api/v1/bill-runs/{id}/blocked", NO_RUN + "/blocked", "", 404, BILL),
          get("/api/v1/bills", 200, BILL, SERVE_CUSTOMERS),
          get("/api/v1/bills/key", 200, SELF),
          bill("", SERVE_CUSTOMERS),
          bill("/proof", SERVE_CUSTOMERS),
          bill("/page", SERVE_CUSTOMERS),
          bill("/pdf", SERVE_CUSTOMERS),
          bill("/xml", SERVE_CUSTOMERS),
          route(
              "POST",
              "/api/v1/bills/{number}/correct",
              "/api/v1/bills/none/correct",
              "{}",
              404,
              BILL),
          get("/api/v1/analytics/groups", 200, ANALYSE),
          get("/api/v1/analytics/profile", 200, ANALYSE),
          get("/api/v1/analytics/distribution", 200, ANALYSE),
          route(
              "POST",
              "/api/v1/analytics/key/replace",
              "/api/v1/analytics/key/replace",
              "",
              204,
              MANAGE_KEYS),
          get("/api/v1/trust", 200, EVERYONE),
          route(
              "POST",
              "/api/v1/trust/root",
              "/api/v1/trust/root",
              "{}",
              400,
              SECURITY_ADMINISTRATOR),
          route(
              "POST",
              "/api/v1/trust/lists",
              "/api/v1/trust/lists",
              "{}",
              400,
              SECURITY_ADMINISTRATOR),
          meter("/holds", ""),
          route(
              "POST",
              "/api/v1/meters/{id}/quarantine",
              NO_METER + "/quarantine",
              "{}",
              404,
              OPERATOR),
          route("POST", "/api/v1/meters/{id}/release", NO_METER + "/release", "{}", 404, OPERATOR),
          get("/api/v1/certificates", 200, EVERYONE),
          get("/api/v1/certificates/authority", 200, EVERYONE),
          get("/api/v1/certificates/requests", 200, EVERYONE),
          get("/api/v1/certificates/crl", 200, EVERYONE),
          route(
              "GET", "/api/v1/certificates/{serial}", "/api/v1/certificates/0", "", 404, EVERYONE),
          route(
              "POST",
              "/api/v1/certificates",
              "/api/v1/certificates",
              "{}",
              400,
              SECURITY_ADMINISTRATOR),
          route(
              "POST",
              "/api/v1/certificates/invitations",
              "/api/v1/certificates/invitations",
              "{}",
              400,
              SECURITY_ADMINISTRATOR),
          route(
              "POST",
              "/api/v1/certificates/renew",
              "/api/v1/certificates/renew",
              "{}",
              400,
              SECURITY_ADMINISTRATOR),
          route(
              "POST",
              "/api/v1/certificates/{serial}/revoke",
              "/api/v1/certificates/0/revoke",
              "{}",
              404,
              SECURITY_ADMINISTRATOR),
          route(
              "POST",
              "/api/v1/certificates/requests/{id}/approve",
              "/api/v1/certificates/requests/0/approve",
              "",
              404,
              SECURITY_ADMINISTRATOR),
          route(
              "POST",
              "/api/v1/certificates/requests/{id}/refuse",
              "/api/v1/certificates/requests/0/refuse",
              "",
              404,
              SECURITY_ADMINISTRATOR),
          get("/api/v1/alarms", 200, EVERYONE),
          route(
              "POST",
              "/api/v1/alarms/{id}/acknowledge",
              "/api/v1/alarms/0/acknowledge",
              "",
              404,
              OPERATOR),
          route("POST", "/api/v1/commands/{id}/adopt", NO_COMMAND + "/adopt", "", 404, OPERATOR),
          get("/api/v1/keys", 200, OPERATOR, SECURITY_ADMINISTRATOR, AUDITOR),
          route(
              "GET",
              "/api/v1/keys/{meter}",
              "/api/v1/keys/NONE-SUCH",
              "",
              404,
              OPERATOR,
              SECURITY_ADMINISTRATOR,
              AUDITOR),
          route("POST", "/api/v1/keys/rotate", "/api/v1/keys/rotate", "{}", 400, OPERATOR),
          route(
              "POST",
              "/api/v1/keys/{meter}/replace",
              "/api/v1/keys/NONE-SUCH/replace?reason=none",
              "{}",
              404,
              OPERATOR),
          route(
              "POST",
              "/api/v1/street/meters/{id}/rekey",
              "/api/v1/street/meters/NONE-SUCH/rekey",
              "",
              404,
              OPERATOR),
          get("/api/v1/cases", 200, EVERYONE),
          route("GET", "/api/v1/cases/{id}", "/api/v1/cases/0", "", 404, EVERYONE),
          route("POST", "/api/v1/cases/{id}/note", "/api/v1/cases/0/note", "{}", 404, OPERATOR),
          route("POST", "/api/v1/cases/{id}/close", "/api/v1/cases/0/close", "{}", 404, OPERATOR),
          route(
              "GET",
              "/api/v1/street/meters/{id}",
              "/api/v1/street/meters/NONE-SUCH",
              "",
              404,
              EVERYONE),
          route(
              "POST",
              "/api/v1/street/meters/{id}/tamper",
              "/api/v1/street/meters/NONE-SUCH/tamper",
              "{}",
              404,
              OPERATOR),
          get("/api/v1/collection", 200, EVERYONE),
          get("/api/v1/events", 200, EVERYONE),
          get("/api/v1/zigbee", 200, EVERYONE),
          route(
              "POST",
              "/api/v1/zigbee/{coordinator}/admit",
              "/api/v1/zigbee/none/admit",
              "{}",
              404,
              MANAGE_METERS),
          route(
              "POST",
              "/api/v1/zigbee/{coordinator}/permit",
              "/api/v1/zigbee/none/permit",
              "{}",
              404,
              MANAGE_METERS),
          route(
              "DELETE",
              "/api/v1/zigbee/{coordinator}/devices/{eui64}",
              "/api/v1/zigbee/none/devices/0000000000000000",
              "",
              404,
              MANAGE_METERS),
          route(
              "POST",
              "/api/v1/zigbee/{coordinator}/refresh-key",
              "/api/v1/zigbee/none/refresh-key",
              "",
              404,
              SECURITY_ADMINISTRATOR),
          get("/api/v1/waiting", 200, EVERYONE),
          route(
              "POST",
              "/api/v1/waiting/{identity}/accept",
              "/api/v1/waiting/0000000000000000/accept",
              "{}",
              409,
              MANAGE_METERS),
          route(
              "DELETE",
              "/api/v1/waiting/{identity}",
              "/api/v1/waiting/0000000000000000",
              "",
              404,
              MANAGE_METERS),
          get("/api/v1/state", 200, EVERYONE),
          route(
              "POST",
              "/api/v1/firmware/keys",
              "/api/v1/firmware/keys",
              "{}",
              400,
              SECURITY_ADMINISTRATOR),
          get("/api/v1/firmware/images", 200, EVERYONE),
          route(
              "POST",
              "/api/v1/firmware/images",
              "/api/v1/firmware/images",
              "",
              400,
              MANAGE_FIRMWARE),
          meter("/firmware", ""),
          route(
              "PUT",
              "/api/v1/meters/{id}/firmware",
              NO_METER + "/firmware",
              "{}",
              404,
              MANAGE_FIRMWARE),
          get("/api/v1/firmware/campaigns", 200, EVERYONE),
          get("/api/v1/firmware/inventory", 200, EVERYONE),
          get("/api/v1/firmware/keys", 200, EVERYONE),
          route(
              "POST",
              "/api/v1/firmware/campaigns/plan",
              "/api/v1/firmware/campaigns/plan",
              "{}",
              400,
              COMMAND),
          route(
              "GET",
              "/api/v1/firmware/campaigns/{id}",
              "/api/v1/firmware/campaigns/none",
              "",
              404,
              EVERYONE),
          route(
              "POST",
              "/api/v1/firmware/campaigns",
              "/api/v1/firmware/campaigns",
              "{}",
              400,
              COMMAND),
          route(
              "POST",
              "/api/v1/firmware/campaigns/{id}/stop",
              "/api/v1/firmware/campaigns/none/stop",
              "{}",
              404,
              COMMAND),
          route(
              "POST",
              "/api/v1/firmware/campaigns/{id}/resume",
              "/api/v1/firmware/campaigns/none/resume",
              "{}",
              404,
              COMMAND),
          get("/api/v1/office-key", 200, EVERYONE),
          get("/api/v1/live", 400, EVERYONE), // no upgrade is asked for
          get("/api/v1/health", 200, READ_HEALTH),
          get("/api/v1/metrics", 200, READ_HEALTH),
          get("/api/v1/users", 200, MANAGE_USERS, MANAGE_ROLES, READ_AUDIT),
          route("POST", "/api/v1/users", "/api/v1/users", "{}", 400, MANAGE_USERS),
          route(
              "PUT",
              "/api/v1/users/{name}/roles",
              "/api/v1/users/nobody/roles",
              "{\"roles\":[\"viewer\"]}",
              404,
              MANAGE_USERS),
          route(
              "POST",
              "/api/v1/users/{name}/password",
              "/api/v1/users/nobody/password",
              "",
              404,
              MANAGE_USERS),
          route(
              "PUT",
              "/api/v1/users/{name}/disabled",
              "/api/v1/users/nobody/disabled",
              "{\"disabled\":true}",
              404,
              MANAGE_USERS),
          route(
              "DELETE",
              "/api/v1/users/{name}/factor",
              "/api/v1/users/nobody/factor",
              "",
              404,
              MANAGE_USERS),
          route(
              "DELETE",
              "/api/v1/users/{name}/lock",
              "/api/v1/users/nobody/lock",
              "",
              404,
              MANAGE_USERS),
          route("DELETE", "/api/v1/users/{name}", "/api/v1/users/nobody", "", 404, MANAGE_USERS),
          route(
              "GET",
              "/api/v1/users/{name}/points",
              "/api/v1/users/nobody/points",
              "",
              404,
              SERVE_CUSTOMERS),
          route(
              "PUT",
              "/api/v1/users/{name}/points",
              "/api/v1/users/nobody/points",
              "{}",
              404,
              SERVE_CUSTOMERS),
          route(
              "DELETE",
              "/api/v1/users/{name}/points",
              "/api/v1/users/nobody/points?servicePoint=X",
              "",
              404,
              SERVE_CUSTOMERS),
          get("/api/v1/accounts", 200, SERVE_CUSTOMERS, BILL),
          route("POST", "/api/v1/accounts", "/api/v1/accounts", "{}", 400, SERVE_CUSTOMERS),
          account("GET", "", "", SERVE_CUSTOMERS, BILL),
          account("PUT", "", "{}", SERVE_CUSTOMERS),
          account("GET", "/story", "", SERVE_CUSTOMERS, BILL),
          account("POST", "/note", "{}", SERVE_CUSTOMERS, BILL),
          account("POST", "/tariff", "{}", SERVE_CUSTOMERS, BILL),
          account("POST", "/close", "{}", SERVE_CUSTOMERS),
          account("POST", "/move-in", "{}", SERVE_CUSTOMERS),
          account("POST", "/move-out", "{}", SERVE_CUSTOMERS),
          account("PUT", "/users/{name}", "", SERVE_CUSTOMERS),
          account("DELETE", "/users/{name}", "", SERVE_CUSTOMERS),
          get("/api/v1/exceptions", 200, EVERYONE),
          get("/api/v1/exceptions/open", 200, EVERYONE),
          route("GET", "/api/v1/exceptions/{id}", "/api/v1/exceptions/0", "", 404, EVERYONE),
          exception("accept"),
          exception("edit"),
          exception("undo"),
          route(
              "POST",
              "/api/v1/exceptions/accept",
              "/api/v1/exceptions/accept",
              "{}",
              400,
              BILL,
              OPERATOR),
          get("/api/v1/validation/runs", 200, EVERYONE),
          route(
              "POST",
              "/api/v1/validation/runs",
              "/api/v1/validation/runs",
              "{\"days\":0}",
              400,
              BILL,
              OPERATOR),
          get("/api/v1/work", 200, EVERYONE),
          get("/api/v1/work/words", 200, EVERYONE),
          route("POST", "/api/v1/work", "/api/v1/work", "{}", 400, FIELD),
          route("GET", "/api/v1/work/{id}", "/api/v1/work/0", "", 404, EVERYONE),
          work("assign", "{}"),
          work("note", "{}"),
          work("evidence", ""),
          work("close", "{}"),
          route(
              "GET",
              "/api/v1/work/{id}/evidence/{file}",
              "/api/v1/work/0/evidence/0",
              "",
              404,
              FIELD),
          get("/api/v1/oidc-roles", 200, MANAGE_USERS, MANAGE_ROLES, READ_AUDIT),
          route("PUT", "/api/v1/oidc-roles", "/api/v1/oidc-roles", "{}", 400, MANAGE_USERS),
          route(
              "DELETE",
              "/api/v1/oidc-roles",
              "/api/v1/oidc-roles?claim=x&value=x&role=x",
              "",
              404,
              MANAGE_USERS),
          get("/api/v1/machines", 200, MANAGE_USERS, READ_AUDIT),
          route("POST", "/api/v1/machines", "/api/v1/machines", "{}", 400, MANAGE_USERS),
          route(
              "DELETE", "/api/v1/machines/{name}", "/api/v1/machines/none", "", 404, MANAGE_USERS),
          get("/api/v1/roles", 200, MANAGE_USERS, MANAGE_ROLES, READ_AUDIT),
          route("PUT", "/api/v1/roles/{name}", "/api/v1/roles/VIEWER", "{}", 409, MANAGE_ROLES),
          route("DELETE", "/api/v1/roles/{name}", "/api/v1/roles/NONE", "", 404, MANAGE_ROLES),
          route(
              "GET",
              "/api/v1/users/{name}/ssh-keys",
              "/api/v1/users/nobody/ssh-keys",
              "",
              404,
              MANAGE_USERS,
              READ_AUDIT),
          route(
              "POST",
              "/api/v1/users/{name}/ssh-keys",
              "/api/v1/users/nobody/ssh-keys",
              "{}",
              404,
              MANAGE_USERS),
          route(
              "DELETE",
              "/api/v1/users/{name}/ssh-keys",
              "/api/v1/users/nobody/ssh-keys?fingerprint=x",
              "",
              404,
              MANAGE_USERS),
          get("/api/v1/audit", 200, AUDITOR),
          get("/api/v1/audit/key", 200, AUDITOR),
          get("/api/v1/audit/checkpoint", 200, AUDITOR),
          get("/api/v1/audit/log", 200, AUDITOR),
          route(
              "POST",
              "/api/v1/erasures/user",
              "/api/v1/erasures/user",
              "{}",
              400,
              SECURITY_ADMINISTRATOR),
          route(
              "POST",
              "/api/v1/erasures/term",
              "/api/v1/erasures/term",
              "{}",
              400,
              SECURITY_ADMINISTRATOR),
          route(
              "POST",
              "/api/v1/erasures/account",
              "/api/v1/erasures/account",
              "{}",
              400,
              SECURITY_ADMINISTRATOR),
          get("/api/v1/erasures", 200, SECURITY_ADMINISTRATOR, AUDITOR),
          erasure("approve"),
          erasure("refuse"),
          get("/api/v1/backups", 200, EVERYONE),
          route(
              "POST",
              "/api/v1/backups",
              "/api/v1/backups",
              "",
              409,
              OPERATOR,
              SECURITY_ADMINISTRATOR),
          route(
              "POST",
              "/api/v1/backups/check",
              "/api/v1/backups/check",
              "",
              409,
              OPERATOR,
              SECURITY_ADMINISTRATOR),
          meter("/access", ""),
          route(
              "PUT",
              "/api/v1/meters/{id}/access",
              NO_METER + "/access",
              "{}",
              404,
              SECURITY_ADMINISTRATOR),
          get("/api/v1/meter-access", 200, EVERYONE),
          route("GET", "/api/v1/audit/{id}/proof", "/api/v1/audit/1/proof", "", 200, AUDITOR),
          get("/api/v1/openapi", 200, EVERYONE),
          get("/api/docs", 200, EVERYONE));

  private static SharedServer shared;

  @BeforeAll
  static void start(SharedServer server) {
    shared = server;
  }

  static Stream<Route> table() {
    return TABLE.stream();
  }

  private static HttpResponse<String> call(Api api, Route route) {
    HttpRequest.Builder request = api.request(route.call());
    if (!route.body().isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return api.send(request.method(route.method(), BodyPublishers.ofString(route.body())));
  }

  @ParameterizedTest
  @MethodSource("table")
  @DisplayName("C28 each route answers to its roles and to nobody else")
  void eachRole(Route route) {
    for (Who who : Who.values()) {
      boolean ends = route.method().equals("DELETE") && route.pattern().endsWith("/session");
      Api api = ends ? shared.anew(who) : shared.as(who);
      HttpResponse<String> answer = call(api, route);
      assertThat(answer.statusCode())
          .as("%s by %s: %s", route, who, answer.body())
          .isEqualTo(route.expected(who));
      if (answer.statusCode() == 401 || answer.statusCode() == 403) {
        assertThat(answer.headers().firstValue("Content-Type"))
            .contains("application/problem+json");
        assertThat(Api.json(answer).get("where").asString()).isNotEmpty();
        assertThat(Api.json(answer).get("remedy").asString()).isNotEmpty();
      }
    }
  }

  @Test
  void everyRouteStandsInTheTable() {
    Set<String> known =
        TABLE.stream()
            .map(r -> r.method() + " " + r.pattern())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(routes()).isNotEmpty().isSubsetOf(known);
    // the live stream and the description are no controllers' of ours
    known.removeAll(routes());
    assertThat(known).containsExactly("GET /api/v1/live", "GET /api/v1/openapi");
  }

  @Test
  void theTableSaysWhatTheRulesSayAndEveryRuleIsTried() {
    Set<WebSecurity.Rule> tried = new java.util.HashSet<>();
    for (Route route : TABLE) {
      WebSecurity.Rule rule =
          WebSecurity.RULES.stream()
              .filter(r -> r.method().equals(route.method()) && fits(r.path(), route.call()))
              .findFirst()
              .orElseThrow(() -> new AssertionError(route + " has no rule"));
      assertThat(rule.permissions())
          .as(route.toString())
          .containsExactlyInAnyOrderElementsOf(route.needed());
      tried.add(rule);
    }
    assertThat(WebSecurity.RULES)
        .filteredOn(rule -> !tried.contains(rule))
        .extracting(WebSecurity.Rule::path)
        .as("rules that no row tries: drop them or add the row")
        .isEmpty();
  }

  private static boolean fits(String pattern, String call) {
    return PathPatternParser.defaultInstance
        .parse(pattern)
        .matches(PathContainer.parsePath(call.replaceFirst("\\?.*", "")));
  }

  /** What the controllers of the application say that they answer under /api and /espi. */
  static Set<String> routes() {
    Set<String> routes = new TreeSet<>();
    for (Class<?> type : WebApplication.class.getAnnotation(Import.class).value()) {
      if (!AnnotatedElementUtils.hasAnnotation(type, Controller.class)) {
        continue;
      }
      RequestMapping base = AnnotatedElementUtils.findMergedAnnotation(type, RequestMapping.class);
      for (Method method : type.getDeclaredMethods()) {
        RequestMapping own =
            AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
        if (own == null) {
          continue;
        }
        String before = base == null ? "" : base.path()[0];
        String path = own.path().length == 0 ? "" : own.path()[0];
        for (RequestMethod verb : own.method()) {
          if ((before + path).startsWith("/api") || (before + path).startsWith("/espi")) {
            routes.add(verb + " " + before + path);
          }
        }
      }
    }
    return routes;
  }

  @ParameterizedTest
  @MethodSource("table")
  @DisplayName("C28 a change without the session's own CSRF token is refused, whoever asks")
  void csrf(Route route) {
    if (!route.changes() || route.needed().isEmpty()) {
      return; // logging in takes JSON only, which no form of another page can send
    }
    Api foreign = shared.anew(who(route));
    String other = Api.json(shared.anew(Who.VIEWER).get("/api/v1/session")).get("csrf").asString();
    foreign.forgetCsrf();
    for (String token : List.of("", "wrong", other)) {
      HttpRequest.Builder request =
          foreign.request(route.call()).header("Content-Type", "application/json");
      if (!token.isEmpty()) {
        request.header("X-CSRF-TOKEN", token);
      }
      HttpResponse<String> answer =
          foreign.send(request.method(route.method(), BodyPublishers.ofString(route.body())));
      assertThat(answer.statusCode()).as("%s with token '%s'", route, token).isEqualTo(403);
      assertThat(Api.json(answer).get("where").asString()).isEqualTo("X-CSRF-TOKEN");
    }
  }

  private static Who who(Route route) {
    return Arrays.stream(Who.values())
        .filter(
            who -> who.person() && who.permissions().stream().anyMatch(route.needed()::contains))
        .findFirst()
        .orElse(Who.VIEWER);
  }

  @Test
  @DisplayName("C28 a page of another origin cannot log anybody in")
  void foreignLogIn() {
    Api api = new Api(shared.server());
    String right =
        Api.JSON.writeValueAsString(
            Map.of(
                "user", SharedServer.name(Who.VIEWER),
                "password", SharedServer.password(Who.VIEWER)));
    HttpResponse<String> form =
        api.send(
            api.request("/api/v1/session")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(right)));
    assertThat(form.statusCode()).isEqualTo(415);
    HttpResponse<String> foreign =
        api.send(
            api.request("/api/v1/session")
                .header("Content-Type", "application/json")
                .header("Origin", "https://elsewhere.example")
                .POST(BodyPublishers.ofString(right)));
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(Api.json(foreign).get("where").asString()).isEqualTo("Origin");
  }

  @ParameterizedTest
  @DisplayName("C37 there is no debug or management endpoint beside /health and /metrics")
  @ValueSource(
      strings = {
        "/actuator",
        "/actuator/env",
        "/actuator/heapdump",
        "/manage/health",
        "/jolokia",
        "/h2-console",
        "/env",
        "/heapdump",
        "/threaddump",
        "/loggers",
        "/trace",
        "/debug",
        "/status",
        "/manager/html",
        "/metrics",
        "/v3/api-docs",
        "/swagger-ui/index.html",
        "/api",
        "/api/v1",
        "/api/v1/actuator",
        "/api/v1/shutdown",
        "/api/v1/meters/../actuator",
        "/api/v1;/metrics",
        "/error"
      })
  void noManagement(String path) {
    for (Who who : Who.values()) {
      for (String method : List.of("GET", "POST", "OPTIONS")) {
        Api api = shared.as(who);
        HttpResponse<String> answer =
            api.send(api.request(path).method(method, BodyPublishers.noBody()));
        assertThat(answer.statusCode()).as("%s %s by %s", method, path, who).isBetween(400, 499);
        assertThat(answer.body()).doesNotContain("java.", "org.springframework");
      }
    }
  }

  @Test
  @DisplayName("C37 TRACE is refused, and nothing is told of the container")
  void noTrace() {
    Api api = shared.as(Who.OPERATOR);
    for (String path : List.of("/", "/api/v1/state", "/overview")) {
      HttpResponse<String> answer =
          api.send(api.request(path).method("TRACE", BodyPublishers.noBody()));
      assertThat(answer.statusCode()).as(path).isBetween(400, 499);
      assertThat(answer.body()).doesNotContain("Apache", "Tomcat", "X-CSRF");
      assertThat(answer.headers().firstValue("Server")).isEmpty();
    }
  }
}
