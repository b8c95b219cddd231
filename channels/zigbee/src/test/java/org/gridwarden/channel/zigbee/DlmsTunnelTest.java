package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.channel.zigbee.dlms.TunnelLine;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.dlms.WrapperLink;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.objects.EnergySource;
import org.gridwarden.dlms.objects.ReferenceMeter;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.SecurityContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A reference meter is read through its tunnel, on the model's air. */
class DlmsTunnelTest {
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  private static final AttributeRef REGISTER = new AttributeRef(3, ENERGY, 2);
  private static final AttributeRef PROFILE =
      new AttributeRef(7, ObisCode.parse("1.0.99.1.0.255"), 2);
  private static final byte[] METER = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final byte[] OFFICE = {'G', 'W', 'O', 0, 0, 0, 0, 1};
  private static final int CLIENT = 1;
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong counter = new AtomicLong();
  private int piecesDown;
  private int piecesUp;

  static SecurityContext security(byte[] title, AtomicLong counter) {
    byte[] encryption = new byte[16];
    byte[] authentication = new byte[16];
    Arrays.fill(encryption, (byte) 1);
    Arrays.fill(authentication, (byte) 2);
    return SecurityContext.of(
        title, DlmsKeys.of(encryption, authentication), counter::incrementAndGet);
  }

  private static LogicalDevice device(ModelAir air, SecurityContext security) {
    ReferenceMeter meter =
        new ReferenceMeter(
            ReferenceMeter.Setup.of(
                "GWM0000000000001",
                air.clock(),
                ZoneOffset.UTC,
                EnergySource.steady(SINCE, 1_000)));
    return new LogicalDevice(
        METER, meter.all(), Map.of(CLIENT, ClientAccess.gmac(() -> security, Rights.READ_ALL)));
  }

  /** Opens a tunnel as the office does, and gives its line; each piece has its time on the air. */
  private TunnelLine tunnel(ModelAir air) {
    int[] number = {-1};
    TunnelLine[] line = new TunnelLine[1];
    air.office(frame -> {
      if (frame.cluster() != Clusters.TUNNELING) {
        return;
      }
      assertThat(frame.secured()).isTrue();
      Zcl zcl = Zcl.parse(frame.payload()).orElseThrow();
      if (zcl.command() == TunnelEnd.REQUEST_RESPONSE) {
        number[0] = (int) Zcl.number(zcl.payload(), 0, 2);
      } else {
        piecesUp++;
        line[0].came(zcl.sequence(), Arrays.copyOfRange(zcl.payload(), 2, zcl.payload().length));
      }
    });
    air.run(10);
    byte[] request = new Zcl.Out().number(1, 0).number(2, 0xFFFF).number(1, 0).number(2, 66).done();
    air.say(Clusters.TUNNELING, true, new Zcl(true, false, 9, TunnelEnd.REQUEST, request));
    air.run(30);
    assertThat(number[0]).isGreaterThanOrEqualTo(0x8000);
    line[0] =
        new TunnelLine(
            new TunnelLine.Way() {
              @Override
              public boolean send(int sequence, byte[] piece) {
                piecesDown++;
                byte[] transfer =
                    new Zcl.Out().number(2, number[0]).bytes(piece, 0, piece.length).done();
                Zcl zcl = new Zcl(true, false, sequence, TunnelEnd.TRANSFER_TO_METER, transfer);
                boolean[] arrived = {false};
                for (int attempt = 0; attempt < 3 && !arrived[0]; attempt++) {
                  air.say(Clusters.TUNNELING, true, zcl, told -> arrived[0] |= told);
                  air.run(60); // and what it answers has come, too
                }
                return arrived[0];
              }

              @Override
              public void close() {
                // the test ends
              }
            });
    return line[0];
  }

  @Test
  @DisplayName("S19: suite 0 over Zigbee: a register, and a profile in many pieces, with loss")
  void aMeterIsRead() throws Exception {
    ModelAir air = new ModelAir(0.05, 5);
    SecurityContext security = security(METER, new AtomicLong());
    air.meter.serve(Map.of(1, device(air, security)));
    TunnelLine line = tunnel(air);
    try (Association meter =
        Association.open(
            new WrapperLink(line, CLIENT, 1, Wrapper.MAX_APDU),
            AssociationRequest.gmac(security(OFFICE, counter))
                .withPatience(Duration.ofSeconds(60)))) {
      Outcome read = meter.get(REGISTER);
      assertThat(read)
          .isInstanceOfSatisfying(
              Outcome.Value.class,
              v ->
                  assertThat(v.data())
                      .isInstanceOfSatisfying(
                          DlmsData.DoubleLongUnsigned.class,
                          n -> assertThat(n.value()).isGreaterThan(7_000_000)));
      int before = piecesUp;
      assertThat(meter.get(PROFILE))
          .isInstanceOfSatisfying(
              Outcome.Value.class,
              v ->
                  assertThat(v.data())
                      .isInstanceOfSatisfying(
                          DlmsData.Array.class, rows -> assertThat(rows.size()).isEqualTo(96)));
      assertThat(piecesUp - before).as("in pieces").isGreaterThan(20);
      assertThat(piecesDown).isGreaterThan(4);
    }
  }

  @Test
  @DisplayName("C6: under another key nothing is read through the tunnel either")
  void anotherKey() {
    ModelAir air = new ModelAir(0, 6);
    byte[] other = new byte[16];
    SecurityContext security =
        SecurityContext.of(METER, DlmsKeys.of(other, other), new AtomicLong()::incrementAndGet);
    air.meter.serve(Map.of(1, device(air, security)));
    TunnelLine line = tunnel(air);
    assertThatThrownBy(() ->
            Association.open(
                new WrapperLink(line, CLIENT, 1, Wrapper.MAX_APDU),
                AssociationRequest.gmac(security(OFFICE, counter))
                    .withPatience(Duration.ofSeconds(5))))
        .isInstanceOf(Exception.class);
    assertThat(line.isClosed()).as("and its way is closed").isTrue();
  }

  @Test
  void aPieceThatComesTwiceCountsOnce() throws Exception {
    TunnelLine line =
        new TunnelLine(
            new TunnelLine.Way() {
              @Override
              public boolean send(int number, byte[] piece) {
                return false;
              }

              @Override
              public void close() {
                // nothing is held
              }
            });
    line.came(1, new byte[] {1, 2, 3});
    line.came(1, new byte[] {1, 2, 3});
    line.came(2, new byte[] {4});
    byte[] into = new byte[10];
    assertThat(line.read(into, 0, 2, Duration.ZERO)).isEqualTo(2);
    assertThat(line.read(into, 2, 8, Duration.ZERO)).isEqualTo(1);
    assertThat(line.read(into, 3, 7, Duration.ZERO)).isEqualTo(1);
    assertThat(line.read(into, 4, 6, Duration.ZERO)).isZero();
    assertThat(Arrays.copyOf(into, 4)).containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> line.write(new byte[5])).hasMessageContaining("does not answer");
    assertThat(line.read(into, 0, 1, Duration.ZERO)).isEqualTo(-1);
    TunnelLine flooded = new TunnelLine(silent());
    for (int i = 0; i < 10_000; i++) {
      flooded.came(i & 0xFF, new byte[64]);
    }
    assertThat(flooded.isClosed()).as("who sends without end is cut off").isTrue();
  }

  private static TunnelLine.Way silent() {
    return new TunnelLine.Way() {
      @Override
      public boolean send(int number, byte[] piece) {
        return true;
      }

      @Override
      public void close() {
        // nothing is held
      }
    };
  }
}
