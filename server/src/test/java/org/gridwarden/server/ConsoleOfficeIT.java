package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.gridwarden.core.MeterId;
import org.gridwarden.server.ConsoleBrowser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * S20 in Chromium: the billing clerk's exceptions, customer service's accounts, the fitter's work.
 * With {@code -Dgridwarden.office-shots=FOLDER} each page is pictured.
 */
class ConsoleOfficeIT {
  private static final String PASSWORD = "walnut ferry over the meadow 63";
  private static final Map<String, String> PEOPLE =
      Map.of(
          "berta", "BILLING_CLERK",
          "carla", "CUSTOMER_SERVICE",
          "ines", "INSTALLER",
          "olga", "OPERATOR",
          "viktor", "VIEWER");

  @TempDir static Path folder;
  private static ConsoleBrowser browser;
  private static RunningServer server;
  private static MeterId odd;
  private static String account = "";
  private static long order;

  @BeforeAll
  static void start() {
    browser = ConsoleBrowser.start();
    server = GridwardenServer.start(TestConfig.in(folder));
    Api admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    admin.logIn("admin", first);
    admin.changePassword(first, PASSWORD);
    PEOPLE.forEach((name, role) -> {
      admin.post(
          "/api/v1/users",
          Api.JSON.writeValueAsString(
              Map.of("user", name, "roles", List.of(role), "password", "first " + PASSWORD)));
      Api person = new Api(server);
      person.logIn(name, "first " + PASSWORD);
      person.changePassword("first " + PASSWORD, PASSWORD);
    });
    ConsoleData.fill(server.store());
    odd = OfficeData.meter(server.store(), "GWD9000001", "Lindenstrasse 77");
    OfficeData.readings(server.store(), odd, 14); // the last two months are whole
    OfficeData.mountedLongAgo(server.store());
    OfficeData.tariff(server.store(), "residential", "0.2");
    OfficeData.tariff(server.store(), "residential-tou", "0.25");
    customers();
  }

  private static void customers() {
    Api carla = as("carla");
    String[][] people = {
      {"Anna Keller", "Lindenstrasse 77", "8004 Zürich"},
      {"Bruno Meier", "Bahnhofweg 2", "8004 Zürich"},
      {"Bäckerei Huber AG", "Mühlegasse 5", "3012 Bern"},
      {"Chiara Rossi", "Sonnhalde 3", "6900 Lugano"},
    };
    for (String[] who : people) {
      JsonNode made =
          done(
              carla.post(
                  "/api/v1/accounts",
                  Api.JSON.writeValueAsString(
                      Map.of(
                          "name",
                          who[0],
                          "street",
                          who[1],
                          "city",
                          who[2],
                          "email",
                          "mail@example.org",
                          "phone",
                          "+41 44 000 00 00",
                          "language",
                          "de"))));
      String id = made.get("account").get("id").asString();
      account = who[0].startsWith("Anna") ? id : account;
    }
    done(
        carla.post(
            "/api/v1/accounts/" + account + "/move-in",
            "{\"servicePoint\":\"Lindenstrasse 77\",\"tariff\":\"residential\",\"since\":\"2026-01-01T00:00:00Z\"}"));
    done(
        carla.post(
            "/api/v1/accounts/" + account + "/tariff",
            "{\"servicePoint\":\"Lindenstrasse 77\",\"tariff\":\"residential-tou\",\"from\":\"2026-07-01T00:00:00Z\"}"));
    done(
        carla.post(
            "/api/v1/accounts/" + account + "/note",
            "{\"note\":\"Asked why the October bill was higher; explained the cold week.\"}"));
    Api olga = as("olga");
    JsonNode bruno = done(carla.get("/api/v1/accounts?q=Bruno")).get("items").get(0);
    done(
        carla.post(
            "/api/v1/accounts/" + bruno.get("id").asString() + "/move-in",
            "{\"servicePoint\":\"Bahnhofweg 2\",\"tariff\":\"residential\",\"since\":\"2026-01-01T00:00:00Z\"}"));
    JsonNode work =
        done(
            olga.post(
                "/api/v1/work",
                "{\"kind\":\"inspect\",\"title\":\"Look at the seal of the terminal"
                    + " cover\",\"severity\":\"fault\",\"meter\":\"GWD9000001\",\"due\":\"2026-11-28T12:00:00Z\"}"));
    order = work.get("about").get("id").asLong();
    done(
        olga.post(
            "/api/v1/work",
            "{\"kind\":\"exchange\",\"title\":\"Exchange the meter: its calibration"
                + " ends\",\"severity\":\"info\",\"servicePoint\":\"Bahnhofweg 2\"}"));
  }

  private static Api as(String name) {
    Api api = new Api(server);
    api.logIn(name, PASSWORD);
    return api;
  }

  private static JsonNode done(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return Api.json(answer);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  private static Page open(BrowserContext window, String who, String path) {
    Page page = window.newPage();
    page.navigate(path);
    page.fill("input[name=user]", who);
    page.locator("input[type=password]").fill(PASSWORD);
    page.locator("button[type=submit]").click();
    assertThat(page.locator("h1").first()).isVisible();
    assertThat(page.locator("h1").first()).not().hasText("Log in");
    return page;
  }

  /** A run through the page's own button, to its end. */
  private static void validate(Page page) {
    page.getByText("Validate now").click();
    assertThat(page.locator(".run-line"))
        .containsText(Pattern.compile("Last validated .* by berta"));
  }

  @Test
  @DisplayName("the clerk validates, edits a spike with a reason, takes it back and accepts")
  void exceptions() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, "berta", "/billing/exceptions");
      assertThat(page.locator("h1")).hasText("Exceptions");
      validate(page);
      page.locator("select").first().selectOption("spike");
      Locator row = page.locator("tbody tr", new Page.LocatorOptions().setHasText("GWD9000001"));
      assertThat(row).hasCount(1);
      assertThat(row).containsText("Doubtful");
      row.locator("a").first().click();
      assertThat(page.locator("h1")).hasText("Spike");
      assertThat(page.locator(".chart canvas")).isVisible();

      page.getByText("Edit", new Page.GetByTextOptions().setExact(true)).click();
      Locator field = page.locator(".slot-field input");
      assertThat(field).hasCount(1);
      assertThat(field).hasValue(String.valueOf(OfficeData.SPIKE_WH));
      field.fill("a hundred");
      page.locator("textarea").fill("Read off by eye.");
      assertThat(page.locator(".field-error")).containsText("A value is a number");
      field.fill("130");
      page.getByText("Set 1 slot").click();
      assertThat(page.locator(".meter-name")).containsText("Edited");
      assertThat(page.locator(".slot-table")).containsText("9\u202f000");
      assertThat(page.locator(".slot-table")).containsText("130 Wh manual, berta");

      page.getByText("Undo", new Page.GetByTextOptions().setExact(true)).click();
      page.locator("textarea").fill("A slip of the eye.");
      page.getByText("Take back").click();
      assertThat(page.locator(".meter-name")).containsText("Open");
      page.locator("textarea").fill("They fired up the kiln.");
      page.locator(".form-actions button").click();
      assertThat(page.locator(".meter-name")).containsText("Accepted");

      page.navigate("/billing/exceptions?action=estimated");
      page.locator("tbody input[type=checkbox]").first().check();
      page.getByText("Accept 1").click();
      page.locator("dialog textarea").fill("The estimate is plausible.");
      page.locator("dialog button[type=submit]").click();
      assertThat(page.locator(".toast")).containsText("1 exception accepted");
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  @Test
  @DisplayName(
      "the clerk reckons a month dry, issues it, takes a bill back; a blocked one says why")
  void bills() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, "berta", "/");
      assertThat(page.locator("h1")).hasText("Bills");
      assertThat(page.locator(".new-run")).containsText("Nothing is issued");
      // the month before is for the pages that are only looked at
      String month = YearMonth.now(OfficeData.ZONE).minusMonths(2).toString();
      page.locator("input[type=month]").fill(month);
      page.getByText("Reckon it").click();
      assertThat(page.locator(".meter-name")).containsText("Dry run");
      assertThat(page.locator(".meter-name")).containsText("blocked");
      assertThat(page.locator(".tiles")).containsText("CHF");
      assertThat(page.locator(".run-card")).containsText("Bahnhofweg 2");

      page.locator(".back").click();
      page.locator("input[type=month]").fill(month);
      page.getByText("Bill it").click();
      page.getByText("Issue the bills").click();
      assertThat(page.locator(".meter-name")).not().containsText("Dry run");
      Locator bill = page.locator(".run-card").last().locator("tbody tr").first();
      assertThat(bill).containsText("Lindenstrasse 77");
      Download pdf = page.waitForDownload(() -> bill.getByText("PDF").click());
      try (InputStream in = pdf.createReadStream()) {
        assertThat(new String(in.readNBytes(5), StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      bill.locator("a").first().click();
      assertThat(page.locator(".meter-name")).containsText("Stands");
      page.locator("textarea").fill("The tariff was agreed upon for later.");
      page.getByText("Credit and bill again", new Page.GetByTextOptions().setExact(true))
          .last()
          .click();
      assertThat(page.locator(".meter-name")).containsText("Billed again");

      page.navigate("/billing/accounts/" + account);
      assertThat(page.locator(".meter-curve")).containsText("Taken back");
      assertThat(page.locator(".meter-story")).containsText(Pattern.compile("Credit \\S+ of"));
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  @Test
  @DisplayName("customer service finds a consumer by name with /, opens, moves in and out")
  void accounts() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, "carla", "/overview");
      page.keyboard().press("/");
      page.keyboard().type("anna kel");
      assertThat(page.locator("#found [role=option]").first()).containsText("Anna Keller");
      page.keyboard().press("ArrowDown");
      page.keyboard().press("Enter");
      assertThat(page.locator("h1")).hasText("Anna Keller");
      assertThat(page.locator(".meter-side")).containsText("GWD9000001");
      assertThat(page.locator(".meter-curve")).containsText("residential-tou");
      assertThat(page.locator(".meter-story")).containsText("explained the cold week");
      assertThat(page.locator(".meter-story")).containsText("Work ordered: Look at the seal");
      assertThat(page.locator(".chart canvas")).isVisible();

      page.navigate("/billing/accounts");
      page.getByText("Open an account").click();
      Locator dialog = page.locator("dialog");
      dialog.locator("input").first().fill("Dario Neu");
      dialog.locator("input").nth(1).fill("Rebbergstrasse 1");
      dialog.locator("button[type=submit]").click();
      assertThat(page.locator("h1")).hasText("Dario Neu");
      page.getByText("Move in", new Page.GetByTextOptions().setExact(true)).click();
      dialog.locator("input").first().fill("Lindenstrasse 77");
      dialog.locator(".offered button").first().click();
      dialog.locator("input").nth(1).fill("residential");
      dialog.locator("button[type=submit]").click();
      assertThat(dialog.locator(".form-error")).containsText("move them out first");
      dialog.getByText("Cancel").click();

      page.getByText("Move in", new Page.GetByTextOptions().setExact(true)).click();
      dialog.locator("input").first().fill("Rebbergstrasse 1");
      dialog.locator(".offered button").first().click();
      dialog.locator("input").nth(1).fill("residential");
      dialog.locator("button[type=submit]").click();
      assertThat(page.locator(".meter-curve")).containsText("Rebbergstrasse 1");
      assertThat(page.locator(".meter-curve")).containsText("goes on");
      page.getByText("Move out", new Page.GetByTextOptions().setExact(true)).click();
      dialog.locator("input[type=date]").fill("2099-01-01");
      dialog.locator("button[type=submit]").click();
      assertThat(page.locator(".meter-curve")).containsText("2099");
    }
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, "viktor", "/billing/accounts/" + account);
      assertThat(page.locator(".page")).containsText("Names are for those who serve customers");
      assertThat(page.locator(".page")).not().containsText("Keller");
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  @Test
  @DisplayName("work is assigned, shown by a photograph and closed; a page is no evidence")
  void work() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = open(window, "ines", "/work");
      assertThat(page.locator("tbody")).containsText("Look at the seal");
      page.locator("tbody a")
          .filter(new Locator.FilterOptions().setHasText("Look at the seal"))
          .click();
      assertThat(page.locator("h1")).hasText("Look at the seal of the terminal cover");
      page.getByText("I do it").click();
      assertThat(page.locator(".meter-name")).containsText("Assigned");
      Locator close = page.getByText("Close as done");
      page.locator(".meter-side textarea").first().fill("The seal was whole; sealed anew.");
      assertThat(close).isDisabled();
      page.locator("input[type=file]")
          .setInputFiles(
              new FilePayload(
                  "page.png", "image/png", "<html>".getBytes(StandardCharsets.US_ASCII)));
      assertThat(page.locator(".field-error")).containsText("JPEG, PNG or WebP");
      page.locator("input[type=file]")
          .setInputFiles(new FilePayload("seal.png", "image/png", picture()));
      assertThat(page.locator(".evidence-shot")).isVisible();
      assertThat(page.locator(".evidence-shot")).hasJSProperty("naturalWidth", 320);
      page.locator(".with-unit input").fill("4711,5");
      close.click();
      assertThat(page.locator(".meter-name")).containsText("Done");
      assertThat(page.locator(".meter-curve")).containsText("4\u202f711.5");
      assertThat(page.locator(".story")).containsText("sealed anew");
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the office's pages without a serious violation of WCAG 2.2 AA, at each width")
  void canBeReadByAll(Look look) {
    Api berta = as("berta");
    berta.post("/api/v1/validation/runs", "{\"meter\":\"GWD9000001\"}");
    await()
        .until(() ->
            Api.json(berta.get("/api/v1/exceptions?state=open,accepted,edited&rule=spike"))
                    .get("total")
                    .asInt()
                > 0);
    JsonNode items =
        Api.json(berta.get("/api/v1/exceptions?state=open,accepted,edited&meter=GWD9000001"))
            .get("items");
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/billing/exceptions?state=open,accepted,edited,gone",
                "/billing",
                "/billing/accounts",
                "/billing/accounts/" + account,
                "/work",
                "/work/" + order));
    items.forEach(item -> paths.add("/billing/exceptions/" + item.get("id").asLong()));
    run(berta, true);
    JsonNode run = run(berta, false);
    paths.add("/billing/runs/" + run.get("id").asString());
    Api.json(berta.get("/api/v1/bills?account=" + account))
        .get("items")
        .forEach(bill -> paths.add("/billing/bills/" + bill.get("number").asString()));
    List<String> wrong = new ArrayList<>();
    try (BrowserContext window = browser.window(server.url(), look)) {
      Page page = open(window, "berta", "/billing");
      for (String path : paths) {
        page.navigate(path);
        assertThat(page.locator("h1").first()).isVisible();
        assertThat(page.locator(".skeleton, .skeleton-wait")).hasCount(0);
        if (page.locator(".chart").count() > 0) {
          assertThat(page.locator(".chart canvas")).isVisible();
        }
        wrong.addAll(ConsoleBrowser.violations(page));
        Object over = page.evaluate("document.documentElement.scrollWidth - innerWidth");
        if (((Number) over).intValue() > 0) {
          wrong.add(path + " is wider than the window by " + over);
        }
        String into = System.getProperty("gridwarden.office-shots", "");
        if (!into.isEmpty()) {
          String name = (look + path).replaceAll("[/?=,]+", "_").toLowerCase(Locale.ROOT);
          page.screenshot(
              new Page.ScreenshotOptions()
                  .setFullPage(true)
                  .setPath(Path.of(into).resolve(name + ".png")));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** A run over the month before this, to its end. */
  private static JsonNode run(Api berta, boolean dry) {
    String month = YearMonth.now(OfficeData.ZONE).minusMonths(1).toString();
    JsonNode begun =
        done(
            berta.post(
                "/api/v1/bill-runs", "{\"period\":\"" + month + "\",\"dryRun\":" + dry + "}"));
    String id = begun.get("id").asString();
    await().until(() -> Api.json(berta.get("/api/v1/bill-runs/" + id)).hasNonNull("ended"));
    return begun;
  }

  private static byte[] picture() {
    BufferedImage image = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 320; x++) {
      for (int y = 0; y < 240; y++) {
        image.setRGB(x, y, 0x405060 + (x / 4 << 16) + (y / 4 << 8));
      }
    }
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ImageIO.write(image, "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
