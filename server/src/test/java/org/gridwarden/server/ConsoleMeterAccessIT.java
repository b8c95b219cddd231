package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.server.ConsoleBrowser.violations;
import static org.gridwarden.server.ConsoleTown.ADMIN;
import static org.gridwarden.server.ConsoleTown.ANNA;
import static org.gridwarden.server.ConsoleTown.BEN;
import static org.gridwarden.server.ConsoleTown.SIGNING;
import static org.gridwarden.server.ConsoleTown.button;
import static org.gridwarden.server.ConsoleTown.draft;
import static org.gridwarden.server.ConsoleTown.open;
import static org.gridwarden.server.ConsoleTown.visit;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.gridwarden.core.MeterAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.AccessRights;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.server.ConsoleBrowser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a meter lets in, and orders that the office drafted, in a real browser. */
class ConsoleMeterAccessIT {
  private static final MeterId METER = new MeterId(SIGNING);

  @TempDir static Path folder;
  private static ConsoleBrowser browser;
  private static ConsoleTown town;

  @BeforeAll
  static void start() throws Exception {
    browser = ConsoleBrowser.start();
    Files.createDirectories(zigbee());
    Files.writeString(
        zigbee().resolve("devices.csv"),
        """
        eui64,state,address,meter,multiplier,divisor,deci_volts,reports,status
        0247570000000001,JOINED,1f3a,GWD4100185,1,1000,1,true,0
        0247570000000002,EXPECTED,fffe,GWD4100186,0,0,0,false,0
        0247570000000009,UNKNOWN,fffe,,0,0,0,false,0
        """);
    town =
        new ConsoleTown(
            folder,
            ", zigbee: {coordinators: [{port: /nowhere/ttyUSB0, folder: " + zigbee() + "}]}");
  }

  private static Path zigbee() {
    return folder.resolve("zigbee");
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

  private static AccessRights rights(int classId, String object, int attributes) {
    Map<Integer, Integer> modes = new TreeMap<>();
    for (int a = 1; a <= attributes; a++) {
      modes.put(a, AccessRights.READ);
    }
    return new AccessRights(
        classId, 0, ObisCode.parse(object), new TreeMap<>(modes), new TreeMap<>());
  }

  private static MeterAccess asMade() {
    List<AccessRights> all =
        List.of(
            rights(8, "0.0.1.0.0.255", 9),
            rights(1, "0.0.42.0.0.255", 2),
            rights(3, "1.0.1.8.0.255", 3));
    return new MeterAccess(
        List.of(
            new MeterAccess.Client(
                1, ObisCode.parse("0.0.40.0.2.255"), MeterAccess.Level.HIGH, all),
            new MeterAccess.Client(
                16, ObisCode.parse("0.0.40.0.1.255"), MeterAccess.Level.NONE, all)));
  }

  private static void look(Page page, String name) {
    assertThat(violations(page)).as(name).isEmpty();
    String into = System.getProperty("gridwarden.screenshots", "");
    if (!into.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setPath(Path.of(into).toAbsolutePath().resolve("access-" + name + ".png")));
    }
  }

  @Test
  @DisplayName(
      "C8, C28: a security administrator says whom a meter lets in, an operator orders it: both on the"
          + " meter's page")
  void wantedAndOrdered() {
    try (BrowserContext admins = browser.window(town.server.url(), Look.DESK_LIGHT);
        BrowserContext annas = browser.window(town.server.url(), Look.DESK_LIGHT)) {
      Page sam = open(admins, ADMIN, "/meters/" + SIGNING);
      sam.locator(".access").getByText("Show").click();
      Locator card = sam.locator(".access");
      assertThat(card).containsText("Not read yet");
      town.server.store().access().found(METER, asMade());
      visit(sam, "/meters/" + SIGNING);
      sam.locator(".access").getByText("Show").click();
      assertThat(card).containsText("Nobody said how it should be");
      look(sam, "unmanaged");
      card.getByText("Change…").last().click();
      Locator dialog = sam.locator("dialog");
      assertThat(dialog).containsText("What client 16");
      dialog.getByText("1.0.1.8.0.255").click();
      dialog.locator("textarea").fill("The public client reads no energy.");
      look(sam, "want");
      dialog.locator("button[type=submit]").click();
      assertThat(card).containsText("Not as wanted yet");
      assertThat(card)
          .containsText(
              "Client 16 may read attribute 1 of 1.0.1.8.0.255 (class 3), and should not.");
      assertThat(card.getByText("Order it")).hasCount(0);
      look(sam, "waiting");

      Page anna = open(annas, ANNA, "/meters/" + SIGNING);
      anna.locator(".access").getByText("Show").click();
      anna.locator(".access").getByText("Order it: 1 command…").click();
      assertThat(anna.locator("dialog")).containsText("Client 16 gets rights to 2 objects");
      anna.locator("dialog textarea").fill("As sam wants it");
      look(anna, "order");
      anna.locator("dialog button[type=submit]").click();
      assertThat(anna.locator("tbody tr").first()).containsText("0.0.40.0.1.255:15:2");

      // it was so, and is not any more
      town.server
          .store()
          .access()
          .found(
              METER,
              new MeterAccess(
                  asMade().clients().stream()
                      .map(c ->
                          c.number() == 16
                              ? new MeterAccess.Client(
                                  16, c.association(), c.level(), c.objects().subList(0, 2))
                              : c)
                      .toList()));
      town.server.store().access().agreed(METER);
      visit(sam, "/meters/" + SIGNING);
      sam.locator(".access").getByText("Show").click();
      assertThat(card).containsText("As wanted");
      town.server.store().access().found(METER, asMade());
      visit(sam, "/meters/" + SIGNING);
      sam.locator(".access").getByText("Show").click();
      assertThat(card).containsText("Not as wanted any more");
    }
    try (BrowserContext window = browser.window(town.server.url(), Look.PHONE_DARK)) {
      look(open(window, ADMIN, "/meters/" + SIGNING), "phone");
    }
  }

  @Test
  @DisplayName(
      "C9, C12: a person takes over in the console what the office drafted by itself, and signs it")
  void adopted() throws Exception {
    String id = draft(town.anna, SIGNING, "set-clock", "Drafted by the office");
    byOffice(id);
    try (BrowserContext window = browser.window(town.server.url(), Look.DESK_LIGHT)) {
      Page ben = open(window, BEN, "/commands/" + id);
      Locator turn = ben.locator(".step.is-now");
      assertThat(turn).containsText("The office drafted it by itself");
      look(ben, "adopt");
      button(ben, "Take it over").click();
      assertThat(turn).not().containsText("The office drafted it by itself");
      assertThat(ben.locator(".command-side")).containsText("ben");
      assertThat(button(ben, "Take it over")).hasCount(0);
      look(ben, "adopted");
    }
  }

  @Test
  @DisplayName(
      "C24: a Zigbee device that nobody knows waits for an operator, who lets it in by its install"
          + " code")
  void aStrangerIsLetIn() throws Exception {
    String code = "83FE D340 7A93 9723 A5C6 39B2 6916 D505 C3B5";
    try (BrowserContext window = browser.window(town.server.url(), Look.DESK_LIGHT)) {
      Page anna = open(window, ANNA, "/meters/zigbee");
      Locator card = anna.locator("section.card");
      assertThat(card.locator("h2").first()).hasText("ttyUSB0");
      assertThat(card).containsText("No line to the dongle");
      assertThat(card.locator("tbody tr")).hasCount(3);
      assertThat(card.locator("tbody tr").first()).containsText("Unknown");
      look(anna, "zigbee");
      button(anna, "Let 0247570000000009 in").click();
      Locator dialog = anna.locator("dialog");
      dialog.locator("input").nth(1).fill(code.replace("D505", "D506"));
      dialog.locator("input").nth(2).fill(SIGNING);
      dialog.locator("button[type=submit]").click();
      assertThat(dialog).containsText("check digits are wrong");
      look(anna, "zigbee-mistyped");
      dialog.locator("input").nth(1).fill(code);
      dialog.locator("button[type=submit]").click();
      assertThat(anna.locator("dialog")).hasCount(0);
      List<String> posted = posted("admit");
      assertThat(posted).hasSize(1);
      assertThat(posted.getFirst()).contains("0247570000000009,", "," + SIGNING);

      button(anna, "Remove 0247570000000001").click();
      assertThat(dialog).containsText("GWD4100185 is reached no longer");
      look(anna, "zigbee-remove");
      dialog.locator("button[type=submit]").click();
      assertThat(anna.locator("dialog")).hasCount(0);
      assertThat(posted("orders")).containsExactly("remove 0247570000000001\n");
      assertThat(anna.getByText("Change the network key")).hasCount(0);
    }
    try (BrowserContext window = browser.window(town.server.url(), Look.PHONE_DARK)) {
      Page sam = open(window, ADMIN, "/meters/zigbee");
      look(sam, "zigbee-phone");
      button(sam, "Change the network key").click();
      look(sam, "zigbee-key");
      sam.locator("dialog button[type=submit]").click();
      assertThat(sam.locator("dialog")).hasCount(0);
      assertThat(posted("orders")).contains("refresh-key\n");
    }
  }

  /** What waits in the coordinator's folder for its line to open. */
  private static List<String> posted(String inbox) throws Exception {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(zigbee().resolve(inbox))) {
      for (Path file : files.filter(f -> !f.getFileName().toString().startsWith(".")).toList()) {
        all.add(Files.readString(file));
      }
    }
    return all;
  }

  /** As the watch over keys leaves one. */
  private static void byOffice(String id) throws Exception {
    try (Connection c = town.server.store().dataSource().getConnection()) {
      for (String sql :
          List.of(
              "UPDATE command SET drafted_by = 'key watch' WHERE id = ?",
              "UPDATE command_step SET actor_kind = 'SYSTEM', actor = 'key watch' WHERE command = ?"
                  + " AND step = 0")) {
        try (PreparedStatement s = c.prepareStatement(sql)) {
          s.setObject(1, UUID.fromString(id));
          assertThat(s.executeUpdate()).isEqualTo(1);
        }
      }
    }
  }
}
