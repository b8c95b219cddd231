package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Secret;
import org.gridwarden.security.backup.BackupKey;
import org.gridwarden.server.ConsoleBrowser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an office is kept with, in the console: backups, erasures, SSH keys, single sign-on. */
class ConsoleKeepingIT {
  private static final String PASSWORD = "kestrel orbit lantern 41";
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3qkAWvE05x80ACUCI1cEMC+tuKWbSkosVFlHL6nxUm olga@desk";

  @TempDir static Path folder;
  private static ConsoleBrowser browser;
  private static RunningServer server;
  private static Api admin;

  @BeforeAll
  static void start() throws Exception {
    browser = ConsoleBrowser.start();
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("keys"));
    try (Secret passphrase =
        new Secret("three otters below the weir".getBytes(StandardCharsets.UTF_8))) {
      var _ =
          BackupKey.create(
              folder.resolve("backup.key"), folder.resolve("backup.recipient"), passphrase);
    }
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0}
                    channels: {dlms: {plaintext: allowed, tcp: {bind: 127.0.0.1, port: 0}, udp: {bind: 127.0.0.1, port: 0}}}
                    collection: {enabled: false}
                    backup: {repository: %s, recipient: %s}
                    logging: {level: warn}
                    """
                        .formatted(folder.resolve("backups"), folder.resolve("backup.recipient")),
                    "test",
                    Map.of())
                .withData(data));
    admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    admin.logIn("admin", first);
    assertThat(admin.changePassword(first, PASSWORD).statusCode()).isEqualTo(200);
    person("sally", "SECURITY_ADMINISTRATOR");
    person("olga", "OPERATOR");
  }

  private static Api person(String name, String role) {
    String first = "first " + PASSWORD;
    String body =
        Api.JSON.writeValueAsString(
            Map.of("user", name, "roles", List.of(role), "password", first));
    assertThat(admin.post("/api/v1/users", body).statusCode()).isEqualTo(201);
    Api person = new Api(server);
    person.logIn(name, first);
    assertThat(person.changePassword(first, PASSWORD).statusCode()).isEqualTo(200);
    return person;
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      assertThat(browser.complaints()).isEmpty();
      browser.close();
    }
  }

  private static Page page(BrowserContext window, String user, String path) {
    Page page = window.newPage();
    page.navigate(path);
    page.fill("input[name=user]", user);
    page.locator("input[type=password]").fill(PASSWORD);
    page.locator("button[type=submit]").click();
    assertThat(page.locator("h1")).hasText("Settings");
    return page;
  }

  /** Looked at as it stands, and held against WCAG. */
  private static void look(Page page, String name) {
    assertThat(page.locator(".skeleton")).hasCount(0);
    assertThat(ConsoleBrowser.violations(page)).as(name).isEmpty();
    String into = System.getProperty("gridwarden.screenshots", "");
    if (!into.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(Path.of(into).toAbsolutePath().resolve("keeping-" + name + ".png")));
    }
  }

  @Test
  @DisplayName(
      "C38 a backup is made and looked at in the console, which says how the office comes back")
  void backups() throws Exception {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = page(window, "olga", "/settings/backups");
      assertThat(page.locator(".failure")).hasCount(0);
      page.getByText("Back up now").click();
      assertThat(page.locator("tbody tr"))
          .hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(60_000));
      page.getByText("Look at their parts").click();
      assertThat(page.locator(".facts")).containsText("are there");
      assertThat(page.locator(".lines")).containsText("./gridwarden restore --repository");
      look(page, "backups");
      // what is gone from the repository is found without the key
      Path chunk;
      try (var all = Files.walk(folder.resolve("backups/chunks"))) {
        chunk = all.filter(Files::isRegularFile).findFirst().orElseThrow();
      }
      Path aside = Files.move(chunk, folder.resolve("aside"));
      page.getByText("Look at their parts").click();
      assertThat(page.locator(".facts")).containsText("1 finding");
      Files.move(aside, chunk);
      look(page, "backups-missing");
    }
    try (BrowserContext window = browser.window(server.url(), Look.PHONE_DARK)) {
      look(page(window, "olga", "/settings/backups"), "backups-phone");
    }
  }

  @Test
  @DisplayName(
      "C33 C28 an erasure is asked for by one administrator in the console, and done by another")
  void erasures() {
    assertThat(
            admin
                .post(
                    "/api/v1/users",
                    Api.JSON.writeValueAsString(
                        Map.of("user", "minna", "roles", List.of("VIEWER"))))
                .statusCode())
        .isEqualTo(201);
    assertThat(admin.call("DELETE", "/api/v1/users/minna", "").statusCode()).isEqualTo(204);
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT);
        BrowserContext other = browser.window(server.url(), Look.DESK_DARK)) {
      Page page = page(window, "admin", "/settings/erasures");
      assertThat(page.locator(".empty")).containsText("Nobody asked");
      page.getByText("Ask for an erasure").click();
      Locator dialog = page.locator("dialog");
      dialog.locator("input[type=text]").fill("minna");
      dialog.locator("textarea").fill("left, and asked for it");
      look(page, "erasure-new");
      dialog.locator("button[type=submit]").click();
      Locator row = page.locator("tbody tr").first();
      assertThat(row).containsText("Waits for a second person");
      assertThat(row).containsText("minna");
      row.getByText("Take back…").click();
      assertThat(dialog).containsText("another security administrator approves it");
      assertThat(dialog.getByText("Erase it for good")).hasCount(0);
      dialog.getByText("Leave it").click();

      Page second = page(other, "sally", "/settings/erasures");
      second.locator("tbody tr").first().getByText("Decide…").click();
      look(second, "erasure-decide");
      second.locator("dialog").getByText("Erase it for good").click();
      assertThat(second.locator("dialog h2")).containsText("It is erased");
      look(second, "erasure-done");
      second
          .locator("dialog")
          .getByText("Done", new Locator.GetByTextOptions().setExact(true))
          .click();
      assertThat(second.locator("tbody tr").first()).containsText("Done");
      assertThat(second.locator("tbody tr").first()).not().containsText("minna");
      look(second, "erasures");
    }
  }

  @Test
  @DisplayName(
      "C28 C37 a user's SSH key is registered and taken away in the console, by somebody else")
  void sshKeys() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = page(window, "admin", "/settings/ssh");
      assertThat(page.locator(".empty")).containsText("Nobody opens a door to themselves");
      page.getByText("olga", new Page.GetByTextOptions().setExact(true)).click();
      page.getByText("Register a key").click();
      page.locator("dialog textarea").fill("ssh-rsa AAAA");
      page.locator("dialog button[type=submit]").click();
      assertThat(page.locator("dialog .failure")).containsText("Not registered");
      page.locator("dialog textarea").fill(KEY);
      look(page, "ssh-new");
      page.locator("dialog button[type=submit]").click();
      Locator row = page.locator("tbody tr");
      assertThat(row).containsText("olga@desk");
      look(page, "ssh");
      row.getByText("Take away…").click();
      page.locator("dialog").getByText("Take it away").click();
      assertThat(page.locator(".empty")).containsText("olga does not come in over SSH");
    }
  }

  @Test
  @DisplayName("C28 which word of the provider gives which role is said in the console")
  void singleSignOn() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = page(window, "admin", "/settings/oidc");
      assertThat(page.locator(".empty")).containsText("No word of the provider");
      page.getByText("Add a rule").click();
      page.locator("dialog input").nth(1).fill("control-room");
      look(page, "oidc-new");
      page.locator("dialog button[type=submit]").click();
      Locator row = page.locator("tbody tr");
      assertThat(row).containsText("control-room");
      assertThat(row).containsText("Operator");
      look(page, "oidc");
      row.getByText("Take away").click();
      assertThat(page.locator(".empty")).containsText("No word of the provider");
    }
  }
}
