package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Tariffs, accounts, ledgers, plans, work and meters that are compared, as their users meet them.
 */
class BillingCommandsIT {
  private static final Pattern KEY_ID = Pattern.compile("([0-9a-f]{16})");
  private static final String FIRST = "GW-0000001";
  private static final String SECOND = "GW-0000002";
  private static final String THIRD = "GW-0000003";

  @TempDir private static Path folder;
  private static TestOffice office;
  private static Path keyPassword;

  @BeforeAll
  static void start() throws Exception {
    office = new TestOffice(folder);
    office.start();
    office.person("sam", "security-administrator");
    office.person("bea", "billing-clerk");
    office.person("clara", "customer-service");
    office.person("mia", "installer");
    office.person("olivia", "operator");
    keyPassword = Files.writeString(folder.resolve("key.password"), "walnut ferry meadow");
    Path shipment = folder.resolve("shipment.csv");
    try (Street street =
        Street.of(
            StreetSettings.of(3).withSeed(6).withHistory(Duration.ZERO),
            Households.load(),
            InstantSource.system())) {
      street.writeShipment(shipment, OfficeKeyFile.read(office.publicKey()));
    }
    assertThat(office.importShipment(shipment)).isEqualTo(3);
  }

  @AfterAll
  static void stop() throws Exception {
    office.stop();
    office.close();
  }

  /** Runs a command; with somebody's password where somebody is named. */
  private static String run(String person, int code, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--data=" + office.data());
    if (!person.isEmpty()) {
      all.add("--user=" + person);
      all.add("--password=file:" + folder.resolve(person + ".password"));
    }
    return plain(code, all.toArray(String[]::new));
  }

  private static String plain(int code, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Gridwarden.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int exit = line.execute(arguments);
    assertThat(exit).as("%s: %s %s", String.join(" ", arguments), out, err).isEqualTo(code);
    return out + "" + err;
  }

  @Test
  void aTariffWithMarketPricesIsBroughtAndShownWithThem() throws Exception {
    Path key = folder.resolve("bea.p12");
    String secret = "--key-password=file:" + keyPassword;
    plain(0, "command", "key", "new", key.toString(), "--alias=bea", secret);
    String asked = run("bea", 0, "command", "key", "request", "--key=" + key, secret);
    Matcher id = KEY_ID.matcher(asked);
    assertThat(id.find()).as(asked).isTrue();
    run("sam", 0, "command", "key", "approve", id.group(1));
    byte[] prices =
        ("start,per_kwh\n2027-01-01T00:00:00+01:00,0.0834\n"
                + "2027-01-01T01:00:00+01:00,0.0792\n2027-01-01T02:00:00+01:00,0.0701\n")
            .getBytes(StandardCharsets.UTF_8);
    Files.write(folder.resolve("prices.csv"), prices);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(prices));
    Path tariff =
        Files.writeString(
            folder.resolve("market.yaml"),
            """
            gridwarden-tariff: 1
            name: Market
            currency: CHF
            rounding: {lines: half-up}
            energy:
              price: 0.05
              market:
                files:
                  - {file: prices.csv, sha256: %s}
                times: 1.02
                plus: 0.0150
            """
                .formatted(sha256));

    assertThat(plain(0, "tariff", "check", tariff.toString())).contains("Market");
    String added =
        run(
            "bea",
            0,
            "tariff",
            "add",
            tariff.toString(),
            "--id=market",
            "--valid-from=2027-01-01",
            "--key=" + key,
            secret);
    assertThat(added).contains("market version 1 holds from 2027-01-01");

    String shown = run("", 0, "tariff", "show", "market");
    assertThat(shown)
        .contains("signature good", "Market", "market    by 60 minutes")
        .doesNotContain("there is no", "is not there");
    assertThat(run("", 0, "tariff", "list")).contains("market", "2027-01-01", "bea");
    Path copy = folder.resolve("copy.yaml");
    run("", 0, "tariff", "show", "market", "--version=1", "--out=" + copy);
    assertThat(copy).hasSameBinaryContentAs(tariff);
    assertThat(run("", 1, "tariff", "show", "none")).contains("none");
    assertThat(run("", 2, "tariff", "show", "market", "--version=1", "--on=2027-01-02"))
        .contains("not both");
    Files.writeString(folder.resolve("prices.csv"), "start,per_kwh\n");
    assertThat(plain(2, "tariff", "check", tariff.toString())).contains("prices.csv");
  }

  @Test
  void anAccountItsLedgerAndAPlan() {
    assertThat(
            run(
                "clara",
                0,
                "account",
                "add",
                "--id=A-1",
                "--name=Anna Muster",
                "--street=Seeweg 7",
                "--city=8000 Zürich",
                "--email=anna@example.org"))
        .contains("A-1");
    assertThat(
            run(
                "clara",
                0,
                "account",
                "move-in",
                "A-1",
                "SP-0000001",
                "--tariff=household",
                "--since=2026-01-01T00:00:00Z"))
        .contains("SP-0000001");
    assertThat(run("clara", 0, "account", "show", "A-1")).contains("Anna Muster", "SP-0000001");
    assertThat(run("clara", 0, "account", "show", "A-1", "--story"))
        .contains("Moved in at SP-0000001 by household", "Account opened");
    assertThat(run("clara", 0, "account", "list", "--status=open")).contains("A-1");
    assertThat(run("mia", 1, "account", "show", "A-1")).contains("roles do not allow");
    assertThat(run("clara", 1, "account", "close", "A-1", "--reason=gone"))
        .as("it is supplied still")
        .isNotEmpty();
    ledger();
    plan();
  }

  private static void ledger() {
    assertThat(run("bea", 1, "ledger", "show", "A-1")).contains("nothing was entered");
    String[] payment = {
      "ledger",
      "enter",
      "A-1",
      "payment",
      "81.35",
      "--currency=CHF",
      "--day=2026-11-02",
      "--reference=bank 77"
    };
    assertThat(run("bea", 0, payment)).contains("entry 1, balance 81.35 CHF");
    assertThat(run("bea", 0, payment)).as("again").contains("entry 1, balance 81.35 CHF");
    payment[4] = "90";
    assertThat(run("bea", 1, payment)).contains("entry 1 has it");
    assertThat(run("clara", 1, payment)).contains("roles do not allow");
    assertThat(run("clara", 0, "ledger", "show", "A-1")).contains("balance 81.35 CHF", "bank 77");
    assertThat(run("bea", 0, "ledger", "events")).contains("account");
    assertThat(run("bea", 0, "ledger", "prepaid")).contains("balance").doesNotContain("A-1");
  }

  private static void plan() {
    String month = YearMonth.now(ZoneOffset.UTC).toString();
    String agreed =
        run(
            "bea",
            0,
            "ledger",
            "plan",
            "agree",
            "A-1",
            "--at=SP-0000001",
            "--first=" + month,
            "--foreseen=100.00",
            "--instalments=3",
            "--currency=CHF");
    assertThat(agreed).contains("33.33, 33.33, 33.34 CHF, from " + month);
    String plan = agreed.replaceAll("(?s).*plan ([0-9]+):.*", "$1");
    assertThat(run("clara", 0, "ledger", "plan", "list", "A-1")).contains("SP-0000001", "33.34");
    assertThat(
            run(
                "bea",
                1,
                "ledger",
                "plan",
                "agree",
                "A-1",
                "--at=SP-0000001",
                "--first=" + month,
                "--foreseen=100",
                "--currency=CHF"))
        .contains("has a budget plan at SP-0000001");
    assertThat(run("bea", 0, "ledger", "plan", "end", plan)).contains("of A-1 is settled");
    assertThat(run("bea", 1, "ledger", "plan", "end", plan)).contains("no plan " + plan);
    assertThat(run("clara", 1, "ledger", "plan", "end", plan)).contains("roles do not allow");
  }

  @Test
  void workIsOrderedAssignedAndClosedWithEvidence() throws IOException {
    String added =
        run(
            "olivia",
            0,
            "work",
            "add",
            "--kind=inspect",
            "--title=Look at the seal",
            "--meter=" + FIRST,
            "--severity=fault");
    String id = added.replaceAll("(?s)\\D*([0-9]+).*", "$1");
    assertThat(run("olivia", 0, "work", "list", "--meter=" + FIRST))
        .contains("inspect", "FAULT", "open");
    assertThat(run("olivia", 0, "work", "assign", id, "mia")).contains("mia");
    Path photo = folder.resolve("seal.png");
    Files.write(
        photo,
        HexFormat.of()
            .parseHex(
                "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    + "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"));
    assertThat(run("mia", 0, "work", "close", id, "--note=The seal is whole.", "--photo=" + photo))
        .contains(id);
    assertThat(run("mia", 0, "work", "show", id))
        .contains("The seal is whole.", "seal.png", "done");
    assertThat(run("olivia", 1, "work", "close", id, "--note=again")).isNotEmpty();
    assertThat(run("olivia", 1, "work", "show", "999999")).isNotEmpty();
  }

  @Test
  void metersAreHeldAgainstEachOtherAndMadeOfEachOther() {
    assertThat(run("mia", 0, "meters", "compare", "set", FIRST, "--check=" + SECOND))
        .contains(FIRST, "check", SECOND);
    assertThat(run("", 0, "meters", "compare", "list")).contains(FIRST, SECOND, "mia");
    assertThat(run("mia", 1, "meters", "compare", "set", FIRST, "--check=" + FIRST))
        .contains("against itself");
    assertThat(run("mia", 1, "meters", "compare", "set", FIRST, "--sibling=NONE"))
        .contains("no meter NONE");
    assertThat(run("mia", 2, "meters", "compare", "set", FIRST)).contains("name a --sibling");
    run("mia", 0, "meters", "compare", "set", FIRST, "--check=");
    assertThat(run("", 0, "meters", "compare", "list")).doesNotContain(SECOND);

    assertThat(run("mia", 0, "meters", "compare", "feeder", "F-1", "--meter=" + THIRD))
        .contains("F-1", THIRD, "6");
    assertThat(run("", 0, "meters", "compare", "feeders")).contains("F-1", THIRD);
    String day = LocalDate.now(ZoneOffset.UTC).minusDays(1).toString();
    assertThat(run("", 0, "meters", "compare", "balance", "F-1", "--from=" + day, "--to=" + day))
        .contains(day, "-");
    assertThat(run("bea", 1, "meters", "compare", "feeder", "F-1", "--meter=" + THIRD))
        .contains("roles do not allow");

    assertThat(
            run(
                "mia",
                0,
                "meters",
                "virtual",
                "make",
                "both",
                "--formula=1.02 * ( " + FIRST + " + " + SECOND + " )",
                "--zone=Europe/Zurich",
                "--at=SP-both"))
        .contains("both = 1.02 * " + FIRST + " + 1.02 * " + SECOND);
    assertThat(run("", 0, "meters", "virtual", "list")).contains("both", "SP-both");
    String read = run("", 0, "meters", "virtual", "read", "both", "--from=" + day, "--to=" + day);
    assertThat(read.lines()).hasSize(97).first().isEqualTo("start,kwh");
    assertThat(
            run(
                "mia",
                1,
                "meters",
                "virtual",
                "make",
                "x",
                "--formula=" + FIRST + " - NONE",
                "--zone=Europe/Zurich"))
        .contains("meter NONE is not known");
    run("clara", 0, "account", "add", "--id=A-2", "--name=The owners", "--street=-", "--city=-");
    assertThat(
            run(
                "clara",
                0,
                "account",
                "move-in",
                "A-2",
                "SP-both",
                "--tariff=household",
                "--since=2026-01-01T00:00:00Z"))
        .as("a virtual meter stands there")
        .contains("SP-both");
    assertThat(run("mia", 0, "meters", "virtual", "end", "both")).contains("both ended");
  }
}
