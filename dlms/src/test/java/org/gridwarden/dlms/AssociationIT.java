package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.objects.CaptureObject;
import org.gridwarden.dlms.objects.Clock;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.dlms.objects.ProfileGeneric;
import org.gridwarden.dlms.objects.Register;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Our client with our meter over TCP: what each side says is what the other one does. */
class AssociationIT {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final Instant MIDNIGHT = Instant.parse("2026-11-22T23:00:00Z");
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final ObisCode RELAY = ObisCode.parse("0.0.96.3.10.255");
  private static final ObisCode PROFILE = ObisCode.parse("1.0.99.1.0.255");
  private static final ObisCode TEXT = ObisCode.parse("0.0.96.1.0.255");
  private static final AttributeRef BUFFER = new AttributeRef(7, PROFILE, 2);
  private static final byte[] PASSWORD = "12345678".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  private static final byte[] AUTH = {16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
  private static final byte[] METER_TITLE = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final byte[] CLIENT_TITLE = {'G', 'W', 'C', 0, 0, 0, 0, 1};

  private final AtomicReference<Boolean> connected = new AtomicReference<>(true);
  private final AtomicReference<DlmsData> text = new AtomicReference<>(DlmsData.OctetString.of());
  private final AtomicLong meterCounter = new AtomicLong();
  private final AtomicLong clientCounter = new AtomicLong();
  private final DlmsKeys keys = DlmsKeys.of(KEY, AUTH);
  private Optional<MeterServer> server = Optional.empty();

  @BeforeEach
  void listen() throws IOException {
    List<DlmsData.Structure> rows = new ArrayList<>();
    for (int i = 1; i <= 96; i++) {
      Instant end = MIDNIGHT.plusSeconds(900L * i);
      rows.add(
          DlmsData.Structure.of(
              DlmsData.OctetString.of(CosemDateTime.of(end, ZURICH)),
              new DlmsData.DoubleLongUnsigned(i)));
    }
    CosemObject setting =
        new CosemObject() {
          @Override
          public Identity identity() {
            return new Identity(1, 0, TEXT, 2, 0);
          }

          @Override
          public Outcome get(int attribute, Optional<Selection> selection) {
            return new Outcome.Value(text.get());
          }

          @Override
          public AccessResult set(int attribute, DlmsData value) {
            text.set(value);
            return AccessResult.SUCCESS;
          }
        };
    Clock clock = new Clock(CLOCK, () -> MIDNIGHT, ZURICH);
    LogicalDevice device =
        new LogicalDevice(
            METER_TITLE,
            List.of(
                new Register(
                    ENERGY, () -> new DlmsData.DoubleLongUnsigned(12_345), 0, Unit.WATT_HOUR),
                clock,
                new ProfileGeneric(
                    PROFILE,
                    clock,
                    List.of(CaptureObject.of(8, CLOCK, 2), CaptureObject.of(3, ENERGY, 2)),
                    900,
                    96,
                    () -> rows),
                new DisconnectControl(RELAY, connected::set),
                setting),
            Map.of(
                16,
                ClientAccess.open(Rights.READ_ALL),
                17,
                ClientAccess.password(PASSWORD, Rights.READ_ALL),
                18,
                ClientAccess.gmac(
                    () -> SecurityContext.of(METER_TITLE, keys, meterCounter::incrementAndGet),
                    Rights.EVERYTHING)));
    server =
        Optional.of(
            MeterServer.open(
                InetAddress.getLoopbackAddress(), 0, Map.of(1, device), Duration.ofSeconds(20)));
  }

  @AfterEach
  void close() throws IOException {
    server.orElseThrow().close();
  }

  private Association open(int client, AssociationRequest request) throws Exception {
    return Association.open(
        WrapperLink.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.orElseThrow().port()),
            client,
            1,
            Duration.ofSeconds(5)),
        request);
  }

  private AssociationRequest gmac(DlmsKeys with) {
    return AssociationRequest.gmac(
        SecurityContext.of(CLIENT_TITLE, with, clientCounter::incrementAndGet));
  }

  private static void readsEverything(Association meter) throws Exception {
    assertThat(meter.get(new AttributeRef(3, ENERGY, 2)))
        .isEqualTo(new Outcome.Value(new DlmsData.DoubleLongUnsigned(12_345)));
    assertThat(meter.get(new AttributeRef(8, CLOCK, 2)))
        .isEqualTo(new Outcome.Value(DlmsData.OctetString.of(CosemDateTime.of(MIDNIGHT, ZURICH))));
    // more than one PDU: by blocks
    DlmsData.Array rows = (DlmsData.Array) ((Outcome.Value) meter.get(BUFFER)).data();
    assertThat(rows.size()).isEqualTo(96);
    for (int i = 0; i < 96; i++) {
      assertThat(((DlmsData.Structure) rows.get(i)).get(1))
          .isEqualTo(new DlmsData.DoubleLongUnsigned(i + 1L));
    }
    assertThat(numbers(meter.get(BUFFER, Selection.entries(2, 4)))).containsExactly(2L, 3L, 4L);
    assertThat(numbers(meter.get(BUFFER, Selection.entries(95, 0)))).containsExactly(95L, 96L);
    assertThat(
            numbers(
                meter.get(
                    BUFFER,
                    Selection.range(
                        CosemDateTime.of(MIDNIGHT.plusSeconds(1_800), ZURICH),
                        CosemDateTime.of(MIDNIGHT.plusSeconds(3_600), ZURICH)))))
        .containsExactly(2L, 3L, 4L);
    // a list, its answer by blocks, with a refusal among the values
    assertThat(
            meter.get(
                List.of(
                    new Service.Selected(new AttributeRef(3, ENERGY, 2), Optional.empty()),
                    new Service.Selected(new AttributeRef(1, ENERGY, 2), Optional.empty()),
                    new Service.Selected(BUFFER, Optional.empty()))))
        .satisfiesExactly(
            value ->
                assertThat(value)
                    .isEqualTo(new Outcome.Value(new DlmsData.DoubleLongUnsigned(12_345))),
            refused ->
                assertThat(refused)
                    .isEqualTo(new Outcome.Refused(AccessResult.OBJECT_CLASS_INCONSISTENT)),
            profile -> assertThat(numbers(profile)).hasSize(96));
    assertThat(meter.get(new AttributeRef(3, ObisCode.parse("1.0.2.8.0.255"), 2)))
        .isEqualTo(new Outcome.Refused(AccessResult.OBJECT_UNDEFINED));
  }

  private static List<Long> numbers(Outcome outcome) {
    return ((DlmsData.Array) ((Outcome.Value) outcome).data())
        .elements().stream()
            .map(row -> ((DlmsData.Whole) ((DlmsData.Structure) row).get(1)).asLong())
            .toList();
  }

  @Test
  @DisplayName("anybody reads, and operates nothing")
  void open() throws Exception {
    try (Association meter = open(16, AssociationRequest.open())) {
      readsEverything(meter);
      assertThat(meter.action(new MethodRef(70, RELAY, 1), Optional.empty()).result())
          .isEqualTo(AccessResult.READ_WRITE_DENIED);
      assertThat(connected.get()).isTrue();
      assertThat(meter.set(new AttributeRef(1, TEXT, 2), DlmsData.OctetString.of(PASSWORD)))
          .isEqualTo(AccessResult.READ_WRITE_DENIED);
    }
  }

  @Test
  @DisplayName("a password opens, another one or none does not")
  void password() throws Exception {
    try (Association meter = open(17, AssociationRequest.password(PASSWORD))) {
      readsEverything(meter);
    }
    assertThatThrownBy(() -> open(17, AssociationRequest.password(KEY)))
        .isInstanceOf(AssociationRefused.class)
        .hasMessageContaining("authentication failed");
    assertThatThrownBy(() -> open(17, AssociationRequest.open()))
        .isInstanceOf(AssociationRefused.class)
        .hasMessageContaining("authentication is required");
    assertThatThrownBy(() -> open(19, AssociationRequest.open()))
        .isInstanceOf(AssociationRefused.class);
  }

  @Test
  @DisplayName("GMAC on both sides: reads, writes by blocks, disconnects and reconnects, ciphered")
  void gmac() throws Exception {
    try (Association meter = open(18, gmac(keys))) {
      readsEverything(meter);
      assertThat(meter.action(new MethodRef(70, RELAY, 1), Optional.empty()).result())
          .isEqualTo(AccessResult.SUCCESS);
      assertThat(connected.get()).isFalse();
      assertThat(meter.get(new AttributeRef(70, RELAY, 3)))
          .isEqualTo(new Outcome.Value(new DlmsData.Enumerated(0)));
      meter.action(new MethodRef(70, RELAY, 2), Optional.empty());
      assertThat(connected.get()).isTrue();
      DlmsData long5000 = DlmsData.OctetString.of(new byte[5_000]);
      assertThat(meter.set(new AttributeRef(1, TEXT, 2), long5000)).isEqualTo(AccessResult.SUCCESS);
      assertThat(text.get()).isEqualTo(long5000);
      DlmsData.Array list =
          (DlmsData.Array)
              ((Outcome.Value) meter.get(new AttributeRef(15, ObisCode.parse("0.0.40.0.0.255"), 2)))
                  .data();
      assertThat(list.size()).isEqualTo(6);
    }
    // again, with the counters going on
    try (Association meter = open(18, gmac(keys))) {
      assertThat(meter.negotiated().version()).isEqualTo(6);
    }
  }

  @Test
  @DisplayName(
      "C7 who should use GMAC gets in with nothing less, with no other key, and without"
          + " associating")
  void wrongKey() throws Exception {
    try (DlmsKeys others = DlmsKeys.of(AUTH, KEY)) {
      assertThatThrownBy(() -> open(18, gmac(others)))
          .isInstanceOf(AssociationRefused.class)
          .hasMessageContaining("authentication failed");
    }
    for (AssociationRequest less :
        List.of(AssociationRequest.open(), AssociationRequest.password(PASSWORD))) {
      assertThatThrownBy(() -> open(18, less)).isInstanceOf(AssociationRefused.class);
    }
    try (ApduLink link =
        WrapperLink.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.orElseThrow().port()),
            18,
            1,
            Duration.ofSeconds(5))) {
      Service disconnect =
          new Service.ActionNormal(0xC1, new MethodRef(70, RELAY, 1), Optional.empty());
      link.send(Apdus.encode(disconnect));
      assertThat(Apdus.decode(link.receive(Duration.ofSeconds(5))))
          .isInstanceOf(Service.ExceptionResponse.class);
      assertThat(connected.get()).isTrue();
    }
  }
}
