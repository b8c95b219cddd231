package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.server.ConsoleTown.ADMIN;
import static org.gridwarden.server.ConsoleTown.ANNA;
import static org.gridwarden.server.ConsoleTown.BEN;
import static org.gridwarden.server.ConsoleTown.button;
import static org.gridwarden.server.ConsoleTown.json;
import static org.gridwarden.server.ConsoleTown.ok;
import static org.gridwarden.server.ConsoleTown.open;
import static org.gridwarden.server.ConsoleTown.visit;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.server.ConsoleBrowser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * C34 in Chromium: makers, images, what the fleet runs, and a campaign from its plan to its stop.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleFirmwareIT {
  private static final KeyPair MAKER = TownChannel.pair();
  private static final byte[] IMAGE = "the new firmware".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path folder;
  private static ConsoleBrowser browser;
  private static ConsoleTown town;

  @BeforeAll
  static void start() {
    browser = ConsoleBrowser.start();
    town = new ConsoleTown(folder);
    for (int n = 0; n < 50; n++) {
      String id = "GWD" + (4_100_000 + n * 37);
      var answer =
          town.anna.call(
              "PUT",
              "/api/v1/meters/" + id + "/firmware",
              json(
                  Map.of(
                      "model", n % 7 == 0 ? "GW-3" : "GW-1",
                      "version", n % 5 == 0 ? "1.0.0" : n % 5 == 1 ? "1.2.0" : "1.10.0")));
      if (answer.statusCode() != 404) { // not each number has a meter
        ok(answer);
      }
    }
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
  @Order(1)
  @DisplayName(
      "C34: an image is taken in under its maker's key, a campaign is planned, started, released"
          + " by a second person, stopped and resumed, all on the page")
  void fromTheKeyToTheRings() throws Exception {
    FirmwareManifest manifest =
        FirmwareManifest.of(
            "GW-1", FirmwareVersion.parse("2.0.0"), FirmwareVersion.parse("1.0.0"), IMAGE);
    Path image = Files.write(folder.resolve("fw.bin"), IMAGE);
    Path signature =
        Files.write(
            folder.resolve("fw.sig"),
            Signed.sign(Purpose.FIRMWARE, Signer.of(MAKER), manifest.bytes()).bytes());
    try (BrowserContext admins = browser.window(town.server.url(), Look.DESK_LIGHT)) {
      Page page = open(admins, ADMIN, "/firmware");
      button(page, "Add one").click();
      page.getByLabel("Maker").fill("Ardent Meters");
      page.getByLabel("Public key")
          .fill(
              "-----BEGIN PUBLIC KEY-----\n"
                  + Base64.getMimeEncoder().encodeToString(MAKER.getPublic().getEncoded())
                  + "\n-----END PUBLIC KEY-----\n");
      button(page, "Take it").click();
      assertThat(page.locator(".firmware-side")).containsText("Ardent Meters");
    }
    try (BrowserContext annas = browser.window(town.server.url(), Look.DESK_LIGHT);
        BrowserContext bens = browser.window(town.server.url(), Look.DESK_LIGHT)) {
      Page page = open(annas, ANNA, "/firmware");
      // the newest version first, by number and not by letter
      assertThat(page.locator(".fleet-model").first().locator(".fleet-versions li").first())
          .containsText("1.10.0");
      button(page, "Take one in").click();
      page.locator("input[type=file]").first().setInputFiles(image);
      page.locator("input[type=file]").last().setInputFiles(signature);
      button(page, "Take it in").click();
      assertThat(page.locator(".firmware-side")).containsText("GW-1 2.0.0");

      page.getByText("Start a campaign").click();
      assertThat(page.locator("h1")).hasText("Start a campaign");
      assertThat(button(page, "Start with")).hasCount(0);
      page.getByLabel("Rings").fill("5%");
      button(page, "See what it would do").click();
      assertThat(page.locator(".failure")).containsText("rings are 2 to 10");
      page.getByLabel("Rings").fill("5%/3 30% 100%");
      button(page, "See what it would do").click();
      assertThat(page.locator(".would-rings li")).hasCount(3);
      assertThat(button(page, "Start with 3 meters")).isDisabled();
      page.getByLabel("Why").fill("a security fix");
      button(page, "Start with 3 meters").click();

      assertThat(page).hasURL(Pattern.compile("/firmware/campaigns/[0-9a-f-]{36}$"));
      assertThat(page.locator(".meter-name")).containsText("Runs");
      assertThat(page.locator(".rings li")).hasCount(3);
      assertThat(page.locator(".rings li.is-later")).hasCount(2);
      Locator waits = page.getByText("3 updates wait for a person");
      assertThat(waits)
          .isVisible(
              new com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions()
                  .setTimeout(30_000));

      Page second = open(bens, BEN, page.url());
      second.getByText("Look at them").click();
      Locator kind = second.locator(".release-kind");
      assertThat(kind.locator("h2")).containsText("Update firmware of 3 meters, to version 2.0.0");
      kind.locator("header input").check();
      button(second, "Release 3").click();
      assertThat(second.locator(".outcomes")).containsText("3 Waits for its signature");

      button(page, "Stop…").click();
      page.getByLabel("Why").fill("the release notes first");
      button(page, "Stop the campaign").click();
      assertThat(page.locator(".meter-name")).containsText("Stopped");
      assertThat(page.locator(".campaign-why")).containsText("Stopped: the release notes first");
      button(page, "Go on…").click();
      page.getByLabel("Why").fill("read");
      button(page, "Let it go on").click();
      assertThat(page.locator(".meter-name")).containsText("Runs");
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  /** As a campaign stands that has gone some way, and was stopped by what it lost. */
  private static String someWayOn() throws SQLException {
    String id =
        Api.json(ok(town.anna.get("/api/v1/firmware/campaigns"))).at("/items/0/id").asString();
    try (var c = town.server.store().dataSource().getConnection();
        var s = c.createStatement()) {
      s.execute(
          "UPDATE firmware_campaign SET state = 'STOPPED', ring = 1, why = '2 of the 11 meters"
              + " of ring 2 fell silent, and one is allowed' WHERE id = '"
              + id
              + "'");
      s.execute(
          "UPDATE firmware_campaign_meter SET skipped = 'it is not in service any more'"
              + " WHERE campaign = '"
              + id
              + "' AND meter = (SELECT min(meter) FROM"
              + " firmware_campaign_meter WHERE campaign = '"
              + id
              + "' AND ring = 1)");
    }
    return id;
  }

  @ParameterizedTest
  @EnumSource
  @Order(2)
  @DisplayName("the pages of firmware without a serious violation of WCAG 2.2 AA")
  void canBeReadByAll(Look look) throws SQLException {
    String id = someWayOn();
    List<String> wrong = new ArrayList<>();
    try (BrowserContext window = browser.window(town.server.url(), look)) {
      Page page = open(window, ANNA, "/overview");
      for (String path :
          List.of("/firmware", "/firmware/new", "/firmware/campaigns/" + id, "/commands/release")) {
        visit(page, path);
        if (path.endsWith("new")) {
          button(page, "See what it would do").click();
          assertThat(page.locator(".failure")).isVisible(); // all meters are in the other campaign
        }
        wrong.addAll(ConsoleBrowser.violations(page));
        Object over = page.evaluate("document.documentElement.scrollWidth - innerWidth");
        if (((Number) over).intValue() > 0) {
          wrong.add(path + " is wider than the window by " + over);
        }
        String into = System.getProperty("gridwarden.firmware-shots", "");
        if (!into.isEmpty()) {
          page.screenshot(
              new Page.ScreenshotOptions()
                  .setFullPage(true)
                  .setPath(
                      Path.of(into)
                          .resolve(
                              (look + path.replace(id, "one")).replace('/', '_').toLowerCase()
                                  + ".png")));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }
}
