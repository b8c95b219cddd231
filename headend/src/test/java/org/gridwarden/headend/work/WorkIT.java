package org.gridwarden.headend.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.store.MeterCase;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.gridwarden.store.WorkBook;
import org.gridwarden.store.WorkEvidence;
import org.gridwarden.store.WorkOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work in the field over a real store: what happenings order, and what people close. */
class WorkIT {
  private static final Actor INES = new Actor(Actor.Kind.PERSON, "ines");
  private static final byte[] PICTURE = {
    (byte) 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3
  };

  @TempDir private static Path folder;
  private static Store store;
  private static int meters;

  private WorkDesk desk;

  @BeforeAll
  static void open() {
    store = Store.open(StoreSettings.embedded(folder));
  }

  @BeforeEach
  void sit() {
    desk = new WorkDesk(store, WorkPolicy.usual());
  }

  @AfterAll
  static void close() {
    store.close();
  }

  private static MeterId meter() {
    MeterId id = new MeterId("W" + ++meters);
    store
        .meters()
        .put(
            new Meter(
                id,
                id.value(),
                new byte[0],
                "generic",
                ZoneId.of("Europe/Zurich"),
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            "CH-" + id.value());
    return id;
  }

  private static long openCase(MeterId meter) {
    return store
        .unitOfWork()
        .call(tx ->
            store
                .cases()
                .open(
                    tx,
                    store.meters().number(meter),
                    Severity.FAULT,
                    Actor.system("test"),
                    "opened",
                    Instant.now())
                .id());
  }

  private static void heard(MeterId meter, Instant at) {
    byte[] raw = ("hello of " + meter).getBytes(StandardCharsets.UTF_8);
    MessageId id = new MessageId(meter, new byte[] {1, 2, 3, 4}, 1, new byte[32]);
    Usage nothing = new Usage(meter, List.of(), List.of(), List.of(), List.of());
    store
        .intake()
        .commit(
            List.of(
                new Received(
                    id, new ChannelId("dlms", "tcp-1"), at, Assurance.MAC, raw, List.of(nothing))));
  }

  private static List<WorkOrder> of(MeterId meter) {
    return store
        .work()
        .page(new WorkBook.Query(Set.of(), "", Optional.of(meter), Set.of()), 0, 100)
        .items();
  }

  private static WorkWatch watch(Instant now) {
    return new WorkWatch(store, WorkPolicy.usual(), InstantSource.fixed(now));
  }

  @Test
  void aCaseOrdersAnInspectionOnce() {
    MeterId meter = meter();
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    long opened = openCase(meter);

    watch(now).look();
    watch(now).look();

    assertThat(of(meter))
        .singleElement()
        .satisfies(order -> {
          assertThat(order.what().kind()).isEqualTo("inspect");
          assertThat(order.what().cause()).isEqualTo("case.opened/" + opened);
          assertThat(order.what().servicePoint()).isEqualTo("CH-" + meter.value());
          assertThat(order.what().due()).contains(now.plus(Duration.ofDays(2)));
          assertThat(order.state()).isEqualTo(WorkOrder.State.OPEN);
        });
    // once it is closed the same case asks for no other, though it is open still
    long id = of(meter).getFirst().id();
    desk.close(id, WorkOrder.State.CANCELLED, "seen from the road", List.of(), INES);
    watch(now).look();
    assertThat(of(meter)).hasSize(1);
    store
        .unitOfWork()
        .call(tx ->
            store.cases().close(tx, opened, MeterCase.Verdict.FALSE_ALARM, "ines", Instant.now()));
    openCase(meter);
    watch(now).look();
    assertThat(of(meter)).as("another case").hasSize(2);
  }

  @Test
  void aSilentMeterIsVisitedOnceASilence() {
    MeterId meter = meter();
    Instant last = Instant.now().minus(Duration.ofDays(4));
    heard(meter, last);
    MeterId never = meter();
    MeterId well = meter();
    heard(well, Instant.now().minus(Duration.ofDays(2)));

    watch(Instant.now()).look();
    watch(Instant.now()).look();

    assertThat(of(meter)).extracting(order -> order.what().kind()).containsExactly("visit");
    assertThat(of(never)).as("never heard of: it is not put up yet").isEmpty();
    assertThat(of(well)).isEmpty();
  }

  @Test
  void whereAllAreSilentNoneIsVisited() throws IOException {
    MeterId one = meter();
    MeterId two = meter();
    heard(one, Instant.now().minus(Duration.ofDays(400)));
    heard(two, Instant.now().minus(Duration.ofDays(400)));
    String text =
        """
        meter.silent.kind = visit
        meter.silent.title = Go there
        meter.silent.severity = FAULT
        meter.silent.after = 399d
        meter.silent.due = 1d
        meter.silent.most = 1
        """;
    WorkPolicy tight = WorkPolicy.read(new StringReader(text), "test");

    int made = new WorkWatch(store, tight, InstantSource.system()).look();

    assertThat(made).isZero();
  }

  @Test
  void workIsAssignedAndClosedWithEvidence() {
    MeterId meter = meter();
    WorkOrder order =
        desk.create(
            new WorkOrder.What(
                "inspect",
                "Look at the seal",
                Severity.FAULT,
                Optional.of(meter),
                "CH-1",
                "",
                Optional.empty()),
            INES);
    long id = order.id();
    assertThat(desk.assign(id, "ines", INES).state()).isEqualTo(WorkOrder.State.ASSIGNED);

    assertThatExceptionOfType(WorkFault.class)
        .isThrownBy(() -> desk.close(id, WorkOrder.State.DONE, "fine", List.of(), INES))
        .withMessageContaining("is done with a photograph");
    assertThatExceptionOfType(WorkFault.class)
        .isThrownBy(() ->
            desk.evidence(id, "page.png", "<script>".getBytes(StandardCharsets.US_ASCII), INES))
        .withMessageContaining("JPEG, PNG or WebP picture, or a PDF");

    desk.evidence(id, "../../etc/seal<1>.png", PICTURE, INES);
    desk.evidence(id, "again.png", PICTURE, INES);

    List<WorkEvidence.Item> files = store.workEvidence().of(id);
    assertThat(files)
        .singleElement()
        .satisfies(file -> {
          assertThat(file.name()).isEqualTo("seal_1_.png");
          assertThat(file.type()).isEqualTo("image/png");
          assertThat(file.size()).isEqualTo(PICTURE.length);
        });
    assertThat(store.workEvidence().content(id, files.getFirst().id())).contains(PICTURE);

    WorkEvidence.Read read =
        new WorkEvidence.Read(
            meter,
            ObisCode.parse("1.0.1.8.0.255"),
            new BigDecimal("12345.6"),
            "kWh",
            Instant.parse("2026-11-26T08:00:00Z"));
    WorkOrder done =
        desk.close(id, WorkOrder.State.DONE, "The seal was whole.", List.of(read), INES);

    assertThat(done.state()).isEqualTo(WorkOrder.State.DONE);
    assertThat(done.closedBy()).isEqualTo("ines");
    assertThat(store.workEvidence().readings(id)).containsExactly(read);
    assertThat(store.work().story(id))
        .extracting(WorkBook.Step::what)
        .containsExactly("created", "assigned", "evidence", "done");
    assertThatExceptionOfType(WorkFault.class)
        .isThrownBy(() -> desk.assign(id, "olga", INES))
        .withMessageContaining("is closed");
    assertThat(audited())
        .contains(
            "order " + id + " sha256 " + files.getFirst().sha256(),
            "order " + id + ": The seal was whole.");
  }

  private static List<String> audited() {
    try (var c = store.dataSource().getConnection();
        var s = c.prepareStatement("SELECT encode(detail, 'escape') FROM audit_clear");
        var r = s.executeQuery()) {
      List<String> found = new ArrayList<>();
      while (r.next()) {
        found.add(r.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
