package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Received;
import org.gridwarden.core.Secret;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.security.KeyWrap;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.server.GridwardenServer;
import org.gridwarden.server.RunningServer;
import org.gridwarden.store.DataCheck;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Torn tables of readings come back from the raw messages. Meters push to a real server first. */
class DataRepairIT {
  private static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  private static final LocalDate DAY = LocalDate.parse("2026-10-24");
  private static final int DAYS = 3; // with the one of 100 quarter-hours among them
  private static final List<String> TABLES =
      List.of("interval_block_2026_10", "register_reading_2026_10", "momentary_2026_10");
  private static final MeterId READ = new MeterId("REPAIR-READ");

  @TempDir Path folder;

  private record Meter(String serial, byte[] title, byte[] encryption, byte[] authentication) {
    static Meter of(int number) {
      byte[] title = "GWR00000".getBytes(StandardCharsets.US_ASCII);
      title[7] = (byte) ('0' + number);
      byte[] key = new byte[16];
      Arrays.fill(key, (byte) (17 * number));
      byte[] other = new byte[16];
      Arrays.fill(other, (byte) (19 * number));
      return new Meter("REPAIR-" + number, title, key, other);
    }

    String line(String pem) throws Exception {
      var office =
          KeyFactory.getInstance("RSA")
              .generatePublic(
                  new X509EncodedKeySpec(
                      Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""))));
      return String.join(
          ",",
          serial,
          HexFormat.of().formatHex(title),
          "street",
          "Testweg",
          ZONE.getId(),
          "authenticated",
          "k1",
          Base64.getEncoder().encodeToString(KeyWrap.forShipment(office, new Secret(encryption))),
          Base64.getEncoder()
              .encodeToString(KeyWrap.forShipment(office, new Secret(authentication))));
    }

    /** A quarter-hour's energy, the register and a voltage. */
    byte[] push(Instant end, long counter) throws Exception {
      Apdu plain =
          new Apdu.DataNotification(
              0x4000_0007L,
              Optional.empty(),
              DlmsData.Structure.of(
                  DlmsData.OctetString.of(CosemDateTime.of(end, ZONE).bytes()),
                  new DlmsData.Unsigned8(0),
                  value("1.0.1.29.0.255", 100 + counter % 50, 0, 30),
                  value("1.0.1.8.0.255", 1_000_000 + 250 * counter, 0, 30),
                  value("1.0.32.7.0.255", 2_290 + counter % 20, -1, 35)));
      return Apdus.encode(
          Ciphering.protect(
              0xDB,
              SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
              title,
              counter,
              Apdus.encode(plain),
              DlmsKeys.of(encryption, authentication)));
    }

    private static DlmsData value(String obis, long value, int scaler, int unit) {
      return DlmsData.Structure.of(
          DlmsData.OctetString.of(ObisCode.parse(obis)),
          new DlmsData.DoubleLongUnsigned(value),
          DlmsData.Structure.of(new DlmsData.Integer8(scaler), new DlmsData.Enumerated(unit)));
    }
  }

  private static final List<Meter> METERS = List.of(Meter.of(1), Meter.of(2));

  private Path data() {
    return folder.resolve("data");
  }

  /** Two meters' three days, stored by a server that is stopped then. */
  private void store() throws Exception {
    RunningServer server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0, plaintext: true}
                    channels:
                      dlms:
                        plaintext: allowed
                        tcp: {bind: 127.0.0.1, port: 0}
                        udp: {bind: 127.0.0.1, port: 0}
                    collection: {enabled: false}
                    logging: {level: error}
                    """,
                    "test",
                    Map.of())
                .withData(data()));
    try (OfficeClient client =
        OfficeClient.of(
            server.url().toString(), Optional.empty(), data().resolve(ServerFile.TOKEN_NAME))) {
      StringBuilder shipment =
          new StringBuilder(
              "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak\n");
      String pem = client.text("/office-key", "text/plain");
      for (Meter meter : METERS) {
        shipment.append(meter.line(pem)).append('\n');
      }
      client.post(
          "/meters/import?dryRun=false",
          "text/csv",
          shipment.toString().getBytes(StandardCharsets.UTF_8));
      for (Meter meter : METERS) {
        push(server, meter);
      }
    } finally {
      server.close();
    }
  }

  private static void push(RunningServer server, Meter meter) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.dlmsTcpPort())) {
      socket.setSoTimeout(30_000);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      Instant from = DAY.atStartOfDay(ZONE).toInstant();
      Instant to = DAY.plusDays(DAYS).atStartOfDay(ZONE).toInstant();
      long counter = 1;
      for (Instant end = from.plusSeconds(900); !end.isAfter(to); end = end.plusSeconds(900)) {
        socket.getOutputStream().write(Wrapper.encode(1, 103, meter.push(end, counter++)));
        byte[] header = in.readNBytes(Wrapper.HEADER); // confirmed: it is durable
        in.skipNBytes((header[6] & 0xFF) << 8 | header[7] & 0xFF);
      }
    }
  }

  /** Everything in these tables, by names that do not change. */
  private List<String> content() throws SQLException {
    try (Store store = Store.open(StoreSettings.embedded(data()))) {
      var _ = store.folding().fold();
      List<String> rows = new ArrayList<>();
      rows.addAll(
          rows(
              store,
              "SELECT concat_ws('|', m.meter_id, c.code, b.day, b.day_start, b.interval_s, b.layer,"
                  + " b.\"values\"::text, b.wide::text, encode(b.quality, 'hex'))"
                  + " FROM interval_block b JOIN meter m ON m.id = b.meter"
                  + " JOIN channel c ON c.id = b.channel ORDER BY 1"));
      for (String table : List.of("register_reading", "momentary")) {
        rows.addAll(
            rows(
                store,
                "SELECT concat_ws('|', '"
                    + table
                    + "', m.meter_id, c.code, t.at, t.value, t.quality) FROM "
                    + table
                    + " t JOIN meter m ON m.id = t.meter JOIN channel c ON c.id = t.channel"
                    + " ORDER BY 1"));
      }
      rows.addAll(rows(store, "SELECT 'events ' || count(*) FROM event"));
      rows.addAll(rows(store, "SELECT 'evidence ' || count(*) FROM evidence"));
      rows.addAll(rows(store, "SELECT 'waiting in landing ' || count(*) FROM landing"));
      return rows;
    }
  }

  private static List<String> rows(Store store, String sql) throws SQLException {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (r.next()) {
        rows.add(r.getString(1));
      }
      return rows;
    }
  }

  private List<Path> files(List<String> relations) throws SQLException {
    try (Store store = Store.open(StoreSettings.embedded(data()))) {
      List<Path> files = new ArrayList<>();
      for (String relation : relations) {
        files.add(
            data()
                .resolve("postgresql/data")
                .resolve(
                    rows(store, "SELECT pg_relation_filepath('" + relation + "')").getFirst()));
      }
      return files;
    }
  }

  private void vouch() {
    try (Store store = Store.open(StoreSettings.embedded(data()))) {
      new DataRun(data(), new PrintWriter(new StringWriter())).watch(store).look();
    }
  }

  private static void tear(Path file, long page) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(page * 8_192 + 4_096);
      raw.write(new byte[4_096]); // the second half was never written
    }
  }

  private record Said(int code, String out, String err) {}

  private Said repair(boolean dryRun) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new DataRepair(data(), new PrintWriter(out), new PrintWriter(err)).run(dryRun, false);
    return new Said(code, out.toString(), err.toString());
  }

  private Said check() {
    StringWriter out = new StringWriter();
    int code = new DataRun(data(), new PrintWriter(out)).check(false);
    return new Said(code, out.toString(), "");
  }

  @Test
  @DisplayName("S9: torn tables of readings come back from the raw messages, value by value")
  void tornTables() throws Exception {
    store();
    vouch();
    List<String> before = content();
    assertThat(before).hasSizeGreaterThan(2 * DAYS + 2 * 2 * 280);
    for (Path file : files(TABLES)) {
      tear(file, 0);
    }
    Said found = check();
    assertThat(found.code()).isEqualTo(Gridwarden.FAILED);
    assertThat(found.out()).contains("3 damaged").contains(TABLES);

    Said dry = repair(true);
    assertThat(dry.out())
        .contains("would be filled again: interval_block_2026_10: 0 rows could be read, 1 pages")
        .containsPattern("REPAIR-1 +292 +0");
    assertThat(DataCheck.pages(data()).damages()).as("a dry run mends nothing").hasSize(3);

    Said mended = repair(false);
    assertThat(mended.out())
        .contains("filled again: momentary_2026_10")
        .contains("nothing is missing that was vouched for");
    assertThat(mended.err()).contains("saving what can be read of");
    assertThat(mended.code()).isEqualTo(Gridwarden.OK);
    assertThat(content()).containsExactlyElementsOf(before);
    assertThat(check()).extracting(Said::code).isEqualTo(Gridwarden.OK);
    assertThat(repair(false).out()).contains("none damaged: nothing to mend");
  }

  @Test
  @DisplayName("S9: what no raw push tells is a gap that is named, and asked for again")
  void lost() throws Exception {
    store();
    try (Store store = Store.open(StoreSettings.embedded(data()))) {
      store
          .meters()
          .put(
              new org.gridwarden.core.Meter(
                  READ,
                  READ.value(),
                  new byte[0],
                  "generic",
                  ZONE,
                  org.gridwarden.core.Meter.State.ACTIVE,
                  org.gridwarden.core.Meter.PushPolicy.AUTHENTICATED,
                  new Reach("127.0.0.1:4059", "", "", "generic")),
              "");
      // what a conversation said: it is kept, but is no push
      List<Slot> slots = new ArrayList<>();
      for (int i = 0; i < 96; i++) {
        slots.add(
            new Slot(
                ObisCode.parse("1.0.1.29.0.255"),
                DAY.atStartOfDay(ZONE).toInstant().plusSeconds(900L * i),
                Duration.ofMinutes(15),
                new ScaledValue(7 + i, 0, Unit.WATT_HOUR),
                (byte) 0));
      }
      var _ =
          store
              .intake()
              .commit(
                  List.of(
                      new Received(
                          new MessageId(READ, new byte[0], -1, new byte[32]),
                          new ChannelId("dlms", "call"),
                          Instant.now(),
                          Assurance.MAC,
                          new byte[] {0, 1, 2},
                          List.of(new Usage(READ, List.of(), slots, List.of(), List.of())))));
      try (var c = store.dataSource().getConnection();
          var s = c.createStatement()) {
        s.execute(
            "INSERT INTO collection (due, given_up, meter, schedule) SELECT '2099-01-01',"
                + " '2099-01-01', id, 1 FROM meter WHERE meter_id = '"
                + READ.value()
                + "'");
      }
    }
    vouch();
    tear(files(TABLES).getFirst(), 0);
    Said mended = repair(false);
    assertThat(mended.code()).isEqualTo(Gridwarden.FAILED);
    assertThat(mended.out())
        .containsPattern(
            READ + " +0 +1 +2026-10-24: the stored values are gone \\(asked for again\\)")
        .containsPattern("REPAIR-2 +3 +0")
        .contains("1 meters lost some");
    try (Store store = Store.open(StoreSettings.embedded(data()))) {
      assertThat(
              rows(
                  store,
                  "SELECT (due <= now() AND given_up IS NULL)::text FROM collection k"
                      + " JOIN meter m ON m.id = k.meter WHERE meter_id = '"
                      + READ.value()
                      + "'"))
          .containsExactly("true");
    }
  }

  @Test
  @DisplayName("S9: a repair that was killed half-way is found again and goes on")
  void killed() throws Exception {
    store();
    vouch();
    List<String> before = content();
    tear(files(TABLES).getFirst(), 0);
    try (Store store = Store.open(StoreSettings.embedded(data()))) {
      var _ = store.repair().save("interval_block_2026_10", 1, false);
    }
    assertThat(DataCheck.pages(data()).damages()).isEmpty();
    Said found = check();
    assertThat(found.code()).isEqualTo(Gridwarden.FAILED);
    assertThat(found.out()).contains("interval_block_2026_10 is being filled again since");
    assertThat(repair(false).code()).isEqualTo(Gridwarden.OK);
    assertThat(content()).containsExactlyElementsOf(before);
    assertThat(check().code()).isEqualTo(Gridwarden.OK);
  }
}
