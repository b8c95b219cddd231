package org.gridwarden.server;

import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A headless Chromium that looks at the console as a person would. One thread at a time. */
final class ConsoleBrowser implements AutoCloseable {
  /** How a page is looked at. */
  enum Look {
    DESK_LIGHT(1440, 900, ColorScheme.LIGHT),
    DESK_DARK(1440, 900, ColorScheme.DARK),
    PHONE_LIGHT(390, 844, ColorScheme.LIGHT),
    PHONE_DARK(390, 844, ColorScheme.DARK);

    private final int width;
    private final int height;
    private final ColorScheme scheme;

    Look(int width, int height, ColorScheme scheme) {
      this.width = width;
      this.height = height;
      this.scheme = scheme;
    }
  }

  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  /** What the browser would ask the network for, and a sandbox that root cannot have. */
  private static final List<String> SWITCHES =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static final String AXE = resource("/axe.min.js");

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new ArrayList<>();

  private ConsoleBrowser(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts it; where a part is missing the test is skipped, and fails where CI is true. */
  static ConsoleBrowser start() {
    Path chromium =
        PLACES.stream()
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElseGet(() -> missing("no Chromium here: apt-get install chromium"));
    if (ConsoleBrowser.class.getResource("/driver/linux/node") == null
        && ConsoleBrowser.class.getResource("/driver/mac/node") == null) {
      missing("Playwright's driver is not on the class path: add -Pbrowser to the Maven command");
    }
    // a machine that is busy is no defect: what never comes fails all the same
    PlaywrightAssertions.setDefaultAssertionTimeout(60_000);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(new LaunchOptions().setExecutablePath(chromium).setArgs(SWITCHES));
    return new ConsoleBrowser(playwright, browser);
  }

  private static Path missing(String why) {
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(why);
    }
    return abort(why);
  }

  /** A window of its own, with cookies of its own. */
  BrowserContext window(URI server, Look look) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(server.toString())
                .setIgnoreHTTPSErrors(true) // the certificate is the server's own
                .setViewportSize(look.width, look.height)
                .setColorScheme(look.scheme)
                .setTimezoneId("America/New_York") // not the meters': their zone must win
                .setAcceptDownloads(true));
    context.setDefaultTimeout(60_000);
    context.onConsoleMessage(message -> {
      // the browser itself reports every answer of 4xx as an error
      if (message.type().equals("error") && !message.text().startsWith("Failed to load")) {
        complaints.add(message.text());
      }
    });
    context.onWebError(error -> complaints.add(error.error()));
    return context;
  }

  /** What scripts complained about since the start: refused by the policy, thrown, logged. */
  List<String> complaints() {
    return complaints;
  }

  /** Serious violations of WCAG 2.2 AA on a page as it stands, in a line each. */
  static List<String> violations(Page page) {
    Object found =
        page.evaluate(
            AXE
                + "; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',"
                + " 'wcag22aa']}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id,"
                + " impact: v.impact, at: v.nodes.map(n => n.target.join(' '))}))))");
    List<String> lines = new ArrayList<>();
    for (JsonNode v : Api.JSON.readTree(String.valueOf(found))) {
      if (Stream.of("serious", "critical").anyMatch(v.get("impact").asString()::equals)) {
        lines.add(page.url() + " " + v.get("id").asString() + " " + v.get("at"));
      }
    }
    return lines;
  }

  private static String resource(String name) {
    try (InputStream in = ConsoleBrowser.class.getResourceAsStream(name)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
