package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.server.ConsoleBrowser.violations;
import static org.gridwarden.server.ConsoleTown.ADMIN;
import static org.gridwarden.server.ConsoleTown.ANNA;
import static org.gridwarden.server.ConsoleTown.BEN;
import static org.gridwarden.server.ConsoleTown.PROTECTED;
import static org.gridwarden.server.ConsoleTown.SIGNING;
import static org.gridwarden.server.ConsoleTown.button;
import static org.gridwarden.server.ConsoleTown.draft;
import static org.gridwarden.server.ConsoleTown.json;
import static org.gridwarden.server.ConsoleTown.key;
import static org.gridwarden.server.ConsoleTown.ok;
import static org.gridwarden.server.ConsoleTown.open;
import static org.gridwarden.server.ConsoleTown.trust;
import static org.gridwarden.server.ConsoleTown.visit;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.server.ConsoleBrowser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** Commands in a real browser over a real server: two operators and a security administrator. */
class CommandConsoleIT {
  private static final String METER = ConsoleData.SHOWN.value();

  /** It can check no operator's signature, nor sign: the office's last gate does. */
  private static final String MUTE = "GWD4100555";

  private static final int MOST_SCRIPT = 200 * 1024;

  @TempDir static Path folder;
  private static ConsoleBrowser browser;
  private static ConsoleTown town;
  private static RunningServer server;
  private static Api anna;
  private static Api ben;

  @BeforeAll
  static void start() {
    browser = ConsoleBrowser.start();
    town = new ConsoleTown(folder);
    server = town.server;
    anna = town.anna;
    ben = town.ben;
  }

  @AfterAll
  static void stop() {
    if (town != null) {
      town.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  @DisplayName(
      "C9, C12: a command goes from one person's draft past a second one's eyes and the signature"
          + " of a key that the browser holds and cannot give away to the meter's receipt")
  void twoPersonsAndAKeyOfTheBrowser() throws IOException, CommandException {
    try (BrowserContext annas = browser.window(server.url(), Look.DESK_LIGHT);
        BrowserContext bens = browser.window(server.url(), Look.DESK_LIGHT);
        BrowserContext admins = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page drafter = open(annas, ANNA, "/overview");
      Page second = open(bens, BEN, "/overview");
      key(drafter, open(admins, ADMIN, "/overview"));

      trust(anna, town.house, TownChannel.build(MUTE));
      visit(drafter, "/meters/" + SIGNING);
      drafter.getByText("Disconnect…").click();
      assertThat(drafter.locator("h1")).hasText("Disconnect " + SIGNING);
      assertThat(drafter.locator(".act-card"))
          .containsText("The breaker opens. The consumer has no power");
      assertThat(drafter.locator(".verdict")).containsText("It waits for a second person");
      Locator draft = button(drafter, "Draft: disconnect " + SIGNING);
      assertThat(draft).isDisabled();
      drafter.getByLabel("Why").fill("Order 4711: moved out");
      draft.click();
      assertThat(drafter).hasURL(Pattern.compile("/commands/[0-9a-f-]{36}$"));
      // who drafted it sees who must act, and has no button for it
      assertThat(drafter.locator(".step.is-now")).containsText("Another operator must look at it");
      assertThat(button(drafter, "Release")).hasCount(0);

      // the rail of the other one tells that something waits, and the way there
      assertThat(second.locator(".rail .place-badge").first()).isVisible();
      visit(second, drafter.url());
      Locator deed = second.locator(".deed");
      assertThat(deed).containsText("Disconnect " + SIGNING + ".");
      assertThat(deed).containsText("Ordered by anna.");
      String seen = deed.locator(".mono").innerText();
      button(second, "Release").click();
      assertThat(second.locator(".step.is-now")).containsText("Its operator signs it: anna");

      // the drafter's page has moved by itself; the same order is signed as was released
      Locator turn = drafter.locator(".step.is-now");
      assertThat(turn).containsText("You sign exactly this order");
      assertThat(turn.locator(".deed .mono")).hasText(seen);
      button(drafter, "Sign: disconnect " + SIGNING).click();

      // and followed to its receipt, without a reload
      Locator receipt = drafter.locator(".receipt");
      assertThat(receipt).containsText("Done: disconnected");
      assertThat(receipt).containsText("Signed by the meter, and its signature was checked.");
      assertThat(town.house.connected).isFalse();
      assertThat(drafter.locator(".steps")).containsText("Done: the meter’s receipt");
      assertThat(drafter.locator(".steps")).containsText("Signed by its operator");
      assertThat(drafter.locator(".steps")).containsText("Released by a second person");
      Download evidence = drafter.waitForDownload(() -> receipt.getByText("Download").click());
      MeterReceipt said =
          MeterReceipt.parse(
              Signed.parse(Files.readAllBytes(evidence.path()))
                  .open(Purpose.RECEIPT, town.house.key.getPublic()));
      assertThat(drafter.url()).endsWith(said.id().value().toString());
      assertThat(violations(drafter)).isEmpty();
      drafter.getByText("Connect again").click();
      assertThat(drafter.locator("h1")).hasText("Connect " + SIGNING);
      assertThat(drafter.getByLabel("Why"))
          .hasValue(Pattern.compile("^Takes back " + said.id().value()));

      // and what waits for one's signature is signed together
      draft(anna, "GWD4100518", "set-clock", "an hour off");
      String mute = draft(anna, MUTE, "connect", "back after works");
      visit(drafter, "/commands/sign");
      assertThat(drafter.locator(".sign-list")).containsText("Connect " + MUTE);
      for (Locator one : drafter.locator(".sign-list li").all()) {
        if (!one.innerText().matches("(?s).*(GWD4100518|" + MUTE + ").*")) {
          one.locator("input").uncheck();
        }
      }
      button(drafter, "Sign 2 orders").click();
      assertThat(drafter.locator(".toasts")).containsText("2 commands signed.");
      assertThat(drafter.getByText(MUTE)).hasCount(0);
      visit(drafter, "/commands/" + mute);
      assertThat(drafter.locator(".receipt")).containsText("Not signed by the meter");
      assertThat(drafter.locator(".receipt"))
          .containsText("cannot check the operator's signature: the last gate does");
      assertThat(violations(drafter)).isEmpty();
      Object given =
          drafter.evaluate(
              "new Promise(done => { const o = indexedDB.open('gridwarden'); o.onsuccess = () => {"
                  + " const g = o.result.transaction('operator-keys').objectStore('operator-keys')"
                  + ".get('anna'); g.onsuccess = () => crypto.subtle.exportKey('pkcs8',"
                  + " g.result.privateKey).then(() => done('given'), e => done(e.name)); } })");
      assertThat(given).isEqualTo("InvalidAccessError");
    }
  }

  @Test
  @DisplayName("C28: who manages keys revokes them at once, and commands nothing")
  void aRevokedKeySignsNothing() {
    String id = draft(ben, "GWD4100592", "connect", "back after works");
    try (BrowserContext bens = browser.window(server.url(), Look.DESK_LIGHT);
        BrowserContext admins = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page operator = open(bens, BEN, "/commands/" + id);
      assertThat(operator.locator(".step.is-now")).containsText("This browser has no key of yours");
      Page administrator = open(admins, ADMIN, "/overview");
      key(operator, administrator);
      visit(operator, "/commands/" + id);
      assertThat(button(operator, "Sign: connect")).isEnabled();
      Locator row =
          administrator.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(BEN));
      row.getByText("Revoke").click();
      button(administrator, "Revoke$").last().click();
      assertThat(row).containsText("Revoked");
      // the page that is open does not know yet: the server does
      button(operator, "Sign: connect").click();
      assertThat(operator.locator(".turn .failure")).containsText("Not signed");
      visit(operator, "/commands/" + id);
      assertThat(operator.locator(".step.is-now")).containsText("key was revoked");
      visit(administrator, "/commands/" + id);
      assertThat(administrator.locator(".step.is-now")).containsText("Its operator signs it: ben");
      assertThat(button(administrator, "Stop")).hasCount(0);
      visit(administrator, "/commands/new?action=disconnect&meter=" + METER);
      assertThat(administrator.locator(".empty")).containsText("Commands are for operators");
    }
  }

  @Test
  @DisplayName(
      "C10, C12: bytes that say another thing than the page are neither released nor signed")
  void whatTheBytesSayCounts() {
    String id = draft(ben, METER, "disconnect", "for the second person");
    String other = draft(ben, "GWD4100222", "disconnect", "another one");
    String bytes = Api.json(anna.get("/api/v1/commands/" + other)).get("order").asString();
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, ANNA, "/overview");
      page.route("**/api/v1/commands/" + id, route -> swapped(route, bytes));
      visit(page, "/commands/" + id);
      assertThat(page.locator(".failure")).containsText("it is another command’s");
      assertThat(button(page, "Release")).isDisabled();
      page.unroute("**/api/v1/commands/" + id);
      visit(page, "/commands/" + id);
      assertThat(button(page, "Release")).isEnabled();
      button(page, "Refuse").click();
      page.getByLabel("Why").fill("nobody knows this order");
      button(page, "Refuse").click();
      assertThat(page.locator(".step.is-stopped")).containsText("Nobody knows this order.");
    }
    assertThat(Api.json(anna.get("/api/v1/commands/" + id)).get("state").asString())
        .isEqualTo("REFUSED");
  }

  /** The server's answer with another order's bytes in it. */
  private static void swapped(Route route, String order) {
    ObjectNode answer = (ObjectNode) Api.JSON.readTree(route.fetch().text());
    answer.put("order", order);
    route.fulfill(
        new Route.FulfillOptions()
            .setContentType("application/json")
            .setBody(Api.JSON.writeValueAsString(answer)));
  }

  @Test
  @DisplayName("C17: a meter's page shows its keys and none of them; new ones go out by an order")
  void keysOfAMeter() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, ANNA, "/meters/" + SIGNING);
      Locator card = page.locator(".keys");
      assertThat(card).containsText("DLMS");
      assertThat(card).containsText("In force since");
      assertThat(card).containsText("of its counters used");
      assertThat(card).containsText("Master");
      shot(page, "meter-keys");
      button(page, "New keys…").click();
      page.getByLabel("Why").fill("the yearly change");
      shot(page, "meter-keys-rotate");
      button(page, "Draft the order").click();
      assertThat(page.locator("main")).containsText("DLMS key");
      assertThat(page.locator("main")).containsText("seal key");
      shot(page, "order-of-keys");
      visit(page, "/meters/" + SIGNING);
      assertThat(page.locator(".keys")).containsText("On its way");
      assertThat(page.locator(".keys")).containsText("the old ones are taken until");
      shot(page, "meter-keys-pending");
    }
  }

  @Test
  @DisplayName("C16: the page says before anything is drafted that a consumer is protected")
  void theProtectedAreRefusedBeforehand() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, ANNA, "/meters/" + PROTECTED);
      assertThat(page.locator(".protection")).containsText("Ventilator at home");
      visit(page, "/commands/new?action=limit-load&meter=" + PROTECTED + "," + METER);
      page.getByLabel("At most").fill("2300");
      Locator card = page.locator(".act-card");
      assertThat(card).containsText("At most 2\u202f300 W for 2 h.");
      assertThat(card).containsText("1is refused");
      assertThat(card).containsText("the consumer is protected: Ventilator at home");
      page.getByLabel("Leave out " + METER).click();
      assertThat(card).containsText("so there is nothing to draft");
      page.getByLabel("Why").fill("tried all the same");
      assertThat(button(page, "Draft")).isDisabled();

      visit(page, "/meters/GWD4100259");
      page.getByText("Protect…").click();
      page.getByLabel("Why").fill("Dialysis");
      button(page, "Protect$").click();
      assertThat(page.locator(".protection")).containsText("Dialysis");
      page.getByText("Ask for the protection to end…").click();
      page.getByLabel("Why").fill("moved away");
      button(page, "Ask for it").click();
      assertThat(page.locator(".lift")).containsText("Another operator must decide");
    }
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, BEN, "/meters/GWD4100259");
      assertThat(page.locator(".lift")).containsText("anna asks for it to end");
      button(page, "Lift the protection").click();
      assertThat(page.locator(".protection")).containsText("not protected");
    }
  }

  @Test
  @DisplayName("C12: many are chosen and released together, each with its outcome on the page")
  void manyAtOnce() {
    List<String> ids = new ArrayList<>();
    for (int n : new int[] {20, 21, 22}) {
      ids.add(draft(anna, "GWD" + (4_100_000 + n * 37), "disconnect", "a street of three"));
    }
    ok(
        anna.call(
            "PUT",
            "/api/v1/meters/GWD" + (4_100_000 + 21 * 37) + "/protection",
            json(Map.of("reason", "told today"))));
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, BEN, "/commands/release");
      Locator kind =
          page.locator(".release-kind")
              .filter(new Locator.FilterOptions().setHasText("a street of three"));
      assertThat(kind.locator("h2")).hasText("Disconnect 3 meters");
      assertThat(button(page, "Release")).isDisabled();
      kind.locator("header input").check();
      button(page, "Release 3").click();
      Locator outcomes = page.locator(".outcomes");
      assertThat(outcomes).containsText("2 Waits for its signature");
      assertThat(outcomes).containsText("the consumer is protected: told today");
      assertThat(kind).hasCount(0);
    }
    org.assertj.core.api.Assertions.assertThat(
            Api.json(anna.get("/api/v1/commands/" + ids.get(1))).get("state").asString())
        .isEqualTo("REFUSED");
    for (String id : List.of(ids.get(0), ids.get(2))) {
      ok(ben.post("/api/v1/commands/" + id + "/refuse", json(Map.of("reason", "a test"))));
    }
  }

  @Test
  @DisplayName("C13: thresholds change by two persons, who see only what differs")
  void thePolicyIsChangedByTwo() {
    try (BrowserContext annas = browser.window(server.url(), Look.DESK_LIGHT);
        BrowserContext bens = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page proposer = open(annas, ANNA, "/commands/policy");
      button(proposer, "Propose a change").click();
      proposer.getByLabel("Of one operator").fill("many");
      assertThat(proposer.locator(".field-error")).containsText("A number");
      proposer.getByLabel("Of one operator").fill("19");
      assertThat(proposer.locator(".policy-diff")).hasText("Of one operatorfrom 20 → to 19");
      proposer.getByLabel("Why").fill("fewer by one");
      button(proposer, "Propose$").click();
      Locator proposal =
          proposer
              .locator(".proposal")
              .filter(new Locator.FilterOptions().setHasText("fewer by one"));
      assertThat(proposal).containsText("You proposed it, so you cannot");
      assertThat(proposal.getByText("Approve version")).hasCount(0);
      Page second = open(bens, BEN, "/commands/policy");
      assertThat(second.locator(".policy-diff")).hasText("Of one operatorfrom 20 → to 19");
      button(second, "Approve version").click();
      assertThat(second.locator(".proposal")).hasCount(0);
      assertThat(second.locator(".policy")).containsText("19");
      assertThat(second.locator(".versions")).containsText("approved by ben");
    }
  }

  @Test
  void theFiltersStandInTheAddressAndTheCsvHoldsWhatTheyShow() throws IOException {
    String id = draft(ben, "GWD4100333", "connect", "back after works");
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, ANNA, "/commands");
      page.getByLabel("Filter by meter").fill("GWD4100333");
      assertThat(page).hasURL(Pattern.compile("\\?meter=GWD4100333$"));
      assertThat(page.locator("tbody tr")).hasCount(1);
      assertThat(page.locator("tbody tr")).containsText("Waits for its signature");
      assertThat(page.locator(".chips")).containsText("1 waits for a signature");
      Download csv = page.waitForDownload(() -> page.getByText("CSV").click());
      List<String> lines = Files.readAllLines(csv.path());
      assertThat(lines).hasSize(2);
      assertThat(lines.getFirst()).isEqualTo("Command,State,Meter,Reason,By,Drafted");
      assertThat(lines.get(1)).startsWith("Connect,RELEASED,GWD4100333,back after works,ben,");
      // the row moves while it is looked at
      ok(ben.post("/api/v1/commands/" + id + "/refuse", json(Map.of("reason", "not needed"))));
      assertThat(page.locator("tbody tr")).containsText("Refused");
      page.keyboard().press("Control+k");
      page.getByLabel("Page, act or meter").fill("conn 00333");
      page.getByText("Connect GWD4100333…").click();
      assertThat(page.locator("h1")).hasText("Connect GWD4100333");
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "every page of commands at both sizes, light and dark, without a serious violation of WCAG"
          + " 2.2 AA")
  void everyPageCanBeReadByAll(Look look) {
    List<String> paths =
        List.of(
            "/commands",
            "/commands?state=FAILED",
            "/commands/new",
            "/commands/new?action=disconnect&meter=" + METER,
            "/commands/new?action=set-price&meter=" + METER + "," + PROTECTED,
            "/commands/" + draft(ben, METER, "disconnect", "is looked at by the second person"),
            "/commands/" + draft(anna, "GWD4100407", "disconnect", "waits for somebody else"),
            "/commands/" + draft(anna, "GWD4100407", "connect", "waits for the signature"),
            "/commands/" + draft(anna, PROTECTED, "disconnect", "is refused"),
            "/commands/none",
            "/commands/sign",
            "/commands/policy",
            "/settings/keys",
            "/meters/" + METER,
            "/overview");
    List<String> wrong = new ArrayList<>();
    int complaints = browser.complaints().size();
    try (BrowserContext window = browser.window(server.url(), look)) {
      Page page = open(window, ANNA, "/overview");
      for (String path : paths) {
        visit(page, path);
        if (path.equals("/overview")) {
          assertThat(page.locator(".attention")).containsText("for a second person");
        }
        if (path.contains("new?action=disconnect")) {
          assertThat(page.locator(".verdict")).isVisible();
        }
        wrong.addAll(violations(page));
        Object over = page.evaluate("document.documentElement.scrollWidth - innerWidth");
        if (((Number) over).intValue() > 0) {
          wrong.add(path + " is wider than the window by " + over);
        }
        Object scripts =
            page.evaluate(
                "performance.getEntriesByType('resource').filter(e => /\\.js$/.test(new"
                    + " URL(e.name).pathname)).reduce((sum, e) => sum + e.decodedBodySize, 0)");
        if (((Number) scripts).intValue() > MOST_SCRIPT) {
          wrong.add(path + " has " + scripts + " bytes of script");
        }
        picture(page, look, path);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(browser.complaints().subList(complaints, browser.complaints().size()))
        .as("complaints of scripts and of the policy")
        .isEmpty();
  }

  /** For who wants to look at it. */
  private static void shot(Page page, String name) {
    String into = System.getProperty("gridwarden.screenshots", "");
    if (!into.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setPath(Path.of(into).toAbsolutePath().resolve(name + ".png")));
    }
  }

  /** Saves what the documentation shows, where it is asked for. */
  private static void picture(Page page, Look look, String path) {
    String into = System.getProperty("gridwarden.screenshots", "");
    if (!into.isEmpty() && look == Look.DESK_LIGHT && path.contains("new?action=disconnect")) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(Path.of(into).toAbsolutePath().resolve("console-command.png")));
    }
  }
}
