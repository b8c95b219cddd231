package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Secrets that are planted, and those that the server makes for itself, are used in every way that
 * the API has, rightly and wrongly; then all that came out is searched for them.
 */
class SecretsIT {
  private static final String FIRST = "canary first 7Jw2Qz";
  private static final String OWN = "canary own 9Kx4Vb";
  private static final String GUESS = "canary guess 5Ht8Rm";
  private static final byte[] GUEK = canary(16, "GUEK");
  private static final byte[] GAK = canary(16, "GAK.");

  @TempDir Path folder;

  /** What is searched for, by what it is. */
  private final Map<String, byte[]> secrets = new LinkedHashMap<>();

  /** All that came out, by where. */
  private final List<String> told = new ArrayList<>();

  private static byte[] canary(int length, String word) {
    byte[] key = new byte[length];
    byte[] letters = word.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < length; i++) {
      key[i] = (byte) (letters[i % letters.length] ^ 0x80 + i);
    }
    return key;
  }

  private HttpResponse<String> hear(String what, HttpResponse<String> answer) {
    told.add(
        what + ": " + answer.statusCode() + " " + answer.headers().map() + " " + answer.body());
    return answer;
  }

  private void text(String what, String secret) {
    secrets.put(what, secret.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("C30 no secret in any answer, error, metric, thread dump, bean or line of the log")
  void canaries() throws Exception {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    RunningServer server =
        GridwardenServer.start(
            TestConfig.in(
                folder,
                "  zigbee: {coordinators: [{port: /nowhere/dongle, folder: "
                    + folder.resolve("zigbee")
                    + "}]}\n"));
    OutputStreamAppender<ILoggingEvent> appender = listen(log);
    try (server) {
      use(server);
      told.add("threads: " + threads());
      told.add("beans: " + beans());
    } finally {
      quiet(appender);
    }
    told.add("log: " + log.toString(StandardCharsets.UTF_8));
    told.add("server.toString: " + server);
    try (Stream<Path> files = Files.list(server.data())) {
      for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
        told.add(file + ": " + Files.readString(file));
      }
    }
    assertThat(log.toString(StandardCharsets.UTF_8)).as("the log was heard").contains("login from");
    assertThat(secrets).hasSizeGreaterThan(10);
    List<String> found = new ArrayList<>();
    for (String one : told) {
      String plain = one.toLowerCase(Locale.ROOT);
      secrets.forEach((what, secret) -> {
        for (String form : forms(secret)) {
          if (plain.contains(form.toLowerCase(Locale.ROOT))) {
            found.add(what + " stands in " + one.substring(0, Math.min(160, one.length())));
          }
        }
      });
    }
    assertThat(found).isEmpty();
  }

  /** What {@code kill -QUIT} prints. */
  private static String threads() {
    StringBuilder all = new StringBuilder();
    for (ThreadInfo info :
        ManagementFactory.getThreadMXBean().dumpAllThreads(true, true, Integer.MAX_VALUE)) {
      all.append(info);
    }
    return all.toString();
  }

  /** What JMX would show if it were to be had: every attribute of every bean. */
  private static String beans() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    StringBuilder all = new StringBuilder();
    for (ObjectName name : server.queryNames(null, null)) {
      for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
        all.append(name).append(' ').append(attribute.getName()).append('=');
        try {
          Object value = server.getAttribute(name, attribute.getName());
          all.append(value instanceof Object[] many ? Arrays.deepToString(many) : value);
        } catch (JMException | RuntimeException e) {
          all.append(e); // not to be had in this Java
        }
        all.append('\n');
      }
    }
    assertThat(all).contains("java.lang:type=Runtime");
    assertThat(server.queryNames(null, null))
        .as("no library shows its inside there")
        .noneMatch(name -> name.getDomain().matches("(?i).*(tomcat|catalina|hikari|spring).*"));
    return all.toString();
  }

  private void use(RunningServer server) throws Exception {
    Api admin = new Api(server);
    String made = server.adminPassword().orElseThrow();
    text("the first password that was made", made);
    text("a first password that was given", FIRST);
    text("a person's own password", OWN);
    text("a wrong password", GUESS);
    secrets.put("a meter's encryption key", GUEK);
    secrets.put("a meter's authentication key", GAK);
    files(server.data());

    hear("log in", admin.logIn("admin", made));
    hear("change", admin.changePassword(made, OWN));
    hear(
        "change, wrong old one",
        admin.post("/api/v1/session/password", pair("old", GUESS, "new", OWN + "x")));
    hear(
        "change to a weak one",
        admin.post("/api/v1/session/password", pair("old", OWN, "new", GUESS.substring(0, 8))));
    Api stranger = new Api(server);
    hear("wrong log-in", stranger.logIn("admin", GUESS));
    hear("log-in, password as user", stranger.logIn(GUESS, GUESS));
    for (String body :
        List.of(
            "{\"user\":\"admin\",\"password\":[\"" + GUESS + "\"]}",
            "{\"user\":\"admin\",\"password\":\"" + GUESS + "\",\"" + GUESS + "\":1}",
            "{\"user\":\"admin\",\"password\":\"" + GUESS,
            "{\"password\":\"" + GUESS + "\"}")) {
      hear("malformed log-in", stranger.post("/api/v1/session", body));
    }
    hear("wrong token", new Api(server).withToken(GUESS).get("/api/v1/state"));
    for (String user : List.of("olga", "no name", "x".repeat(300))) {
      hear(
          "add " + user.length(),
          admin.post(
              "/api/v1/users",
              Api.JSON.writeValueAsString(
                  Map.of("user", user, "password", FIRST, "roles", List.of("operator")))));
    }
    hear("add, wrong role", admin.post("/api/v1/users", pair("password", FIRST, "roles", "x")));
    Api olga = new Api(server);
    assertThat(hear("olga", olga.logIn("olga", FIRST)).statusCode()).isEqualTo(200);
    assertThat(hear("olga's own", olga.changePassword(FIRST, OWN + "2")).statusCode())
        .isEqualTo(200);

    TestMeter meter =
        new TestMeter("CAN0000001", new byte[] {'C', 'A', 'N', 0, 0, 0, 0, 1}, GUEK, GAK);
    String pem = olga.get("/api/v1/office-key").body();
    String shipment = meter.shipment(pem);
    String plain =
        shipment.lines().findFirst().orElseThrow()
            + "\nCAN2,43414E0000000002,street,x,Europe/Zurich,authenticated,k2,plain:"
            + HexFormat.of().formatHex(GUEK)
            + ","
            + HexFormat.of().formatHex(GAK)
            + "\n";
    hear("shipment with keys in the clear", send(olga, plain));
    hear("shipment, columns displaced", send(olga, shipment.replace("CAN0000001,", "")));
    hear("shipment, dry run", olga.post("/api/v1/meters/import?dryRun=true", shipment));
    assertThat(hear("shipment", send(olga, shipment)).statusCode()).isEqualTo(200);
    hear("shipment again", send(olga, shipment));
    hear(
        "accept",
        olga.post(
            "/api/v1/waiting/4341/accept",
            pair(
                "guek",
                HexFormat.of().formatHex(GUEK),
                "gak",
                "plain:" + HexFormat.of().formatHex(GAK))));

    Instant end = Instant.ofEpochSecond(Instant.now().getEpochSecond() / 900 * 900);
    meter.push(server, TestMeter.energy(end, 1), 1);
    byte[] wrong = Arrays.copyOf(GUEK, 16);
    wrong[3] ^= 1;
    secrets.put("a key that does not fit", wrong);
    new TestMeter(meter.serial(), meter.title(), wrong, GAK)
        .exchange(server, TestMeter.energy(end, 2), 2);
    new TestMeter("stranger", new byte[] {'C', 'A', 'N', 0, 0, 0, 0, 9}, GUEK, GAK)
        .exchange(server, TestMeter.energy(end, 3), 3);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Api.json(olga.get("/api/v1/waiting")).get("total").asInt() > 0);

    String label = "83FED3407A939723A5C639B26916D505C3B5"; // of 05-3474, with its check digits
    text("an install code", label);
    text("a mistyped install code", label.replace("D505", "D506"));
    for (String code : List.of(label, label.replace("D505", "D506"))) {
      hear(
          "admit",
          olga.post(
              "/api/v1/zigbee/dongle/admit",
              Api.JSON.writeValueAsString(
                  Map.of(
                      "eui64", "0247570000000001", "installCode", code, "meter", meter.serial()))));
    }
    assertThat(told)
        .anyMatch(one -> one.startsWith("admit: 202"))
        .anyMatch(one -> one.startsWith("admit: 400"));

    Api tilda = person(admin, server, "tilda", "viewer");
    // what is shown once is not heard here, so that it must not be heard again
    text(
        "a second factor's secret",
        Api.json(tilda.post("/api/v1/session/factor", "")).get("secret").asString());
    hear("factor", tilda.get("/api/v1/session/factor"));
    hear(
        "factor, wrong code",
        tilda.post("/api/v1/session/factor/confirm", "{\"code\":\"000000\"}"));
    String machine = "{\"name\":\"canary\",\"permissions\":[\"VIEW\"]}";
    String key = Api.json(admin.post("/api/v1/machines", machine)).get("key").asString();
    text("a machine's key", key);
    hear("by a machine's key", new Api(server).withToken(key).get("/api/v1/state"));
    hear("a machine's key, not allowed", new Api(server).withToken(key).get("/api/v1/users"));
    hear("the same machine again", admin.post("/api/v1/machines", machine));

    Api audrey = person(admin, server, "audrey", "auditor");
    for (Api api : List.of(admin, olga, audrey)) {
      hear("openapi", api.get("/api/v1/openapi"));
      for (String route : RolesIT.routes()) {
        if (route.startsWith("GET ") && !route.endsWith("/session")) {
          String path =
              route
                  .substring(4)
                  .replace("{id}", meter.serial())
                  .replaceAll("\\{[a-zA-Z0-9]+}", "olga");
          String query = path.endsWith("/readings") ? "?channel=1.0.1.29.0.255" : "";
          hear(route, api.get(path + query));
          hear(route, api.send(api.request(path + query).header("Accept", "text/csv").GET()));
        }
      }
    }
    assertThat(told).anyMatch(one -> one.contains("http_server_requests"));
  }

  private static Api person(Api admin, RunningServer server, String name, String role) {
    String first = "pelican first 81 ridge";
    admin.post(
        "/api/v1/users",
        Api.JSON.writeValueAsString(
            Map.of("user", name, "password", first, "roles", List.of(role))));
    Api api = new Api(server);
    api.logIn(name, first);
    api.changePassword(first, "pelican own 82 ridge");
    return api;
  }

  private static HttpResponse<String> send(Api api, String shipment) {
    return api.send(
        api.request("/api/v1/meters/import")
            .header("Content-Type", "text/csv")
            .POST(BodyPublishers.ofString(shipment)));
  }

  private static String pair(String a, String b, String c, String d) {
    return Api.JSON.writeValueAsString(Map.of(a, b, c, d));
  }

  /** What the server keeps in files that only its user may read. */
  private void files(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data, 3)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = data.relativize(file).toString();
        if (name.matches(".*(\\.key|\\.password|cli-token|\\.wrapped|office-key\\.pem)")) {
          byte[] bytes = Files.readAllBytes(file);
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          if (text.startsWith("-----")) {
            // a line from within: its first one stands in every key of the kind
            secrets.put(
                name,
                text.lines()
                    .skip(5)
                    .findFirst()
                    .orElse(text.lines().toList().get(2))
                    .getBytes(StandardCharsets.US_ASCII));
          } else {
            secrets.put(
                name,
                text.strip().length() > 60 || !text.matches("\\p{Graph}+\\s*")
                    ? bytes
                    : text.strip().getBytes(StandardCharsets.US_ASCII));
          }
        }
      }
    }
    assertThat(secrets.keySet())
        .as("the files that are known to hold secrets")
        .contains("cli-token", "keys/master.key", "keys/office-key.pem", "keys/local-key.wrapped")
        .anyMatch(name -> name.endsWith("administrator.password"))
        .anyMatch(name -> name.startsWith("console/") && name.endsWith(".key"));
  }

  /** The ways in which a secret would be written down. */
  private static List<String> forms(byte[] secret) {
    String hex = HexFormat.of().formatHex(secret);
    return List.of(
        new String(secret, StandardCharsets.UTF_8).strip(),
        hex,
        HexFormat.ofDelimiter(" ").formatHex(secret),
        HexFormat.ofDelimiter(":").formatHex(secret),
        Base64.getEncoder().withoutPadding().encodeToString(secret),
        Base64.getUrlEncoder().withoutPadding().encodeToString(secret),
        Arrays.toString(secret));
  }

  /** Hears our own log at its finest; the libraries' stays as {@link Logs} sets it. */
  private static OutputStreamAppender<ILoggingEvent> listen(ByteArrayOutputStream into) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    PatternLayoutEncoder lines = new PatternLayoutEncoder();
    lines.setContext(context);
    lines.setPattern("%level %logger %msg %kvp %mdc%n%ex{full}");
    lines.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(lines);
    appender.setOutputStream(into);
    appender.start();
    Logger ours = context.getLogger("org.gridwarden");
    ours.setLevel(Level.TRACE);
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return appender;
  }

  private static void quiet(OutputStreamAppender<ILoggingEvent> appender) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.getLogger("org.gridwarden").setLevel(null);
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(appender);
    appender.stop();
  }
}
