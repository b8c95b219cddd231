package org.gridwarden.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.WrapperLink;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.objects.CommandDesk;
import org.gridwarden.dlms.security.SecurityContext;
import org.gridwarden.security.command.Dispatch;

/** Somebody who has a meter's keys and no operator's signature tries the breaker all the same. */
final class KeysAlone {
  private static final ObisCode BREAKER = ObisCode.parse("0.0.96.3.10.255");
  private static final byte[] TITLE = "GWRDTHEF".getBytes(StandardCharsets.US_ASCII);

  private KeysAlone() {}

  static void tryEverything(String address, CommandField field, MeterId meter) throws Exception {
    KeyAccess.KeySet set = field.keys(meter, KeyAccess.Purpose.DLMS_GLOBAL_UNICAST).orElseThrow();
    Optional<DlmsData> none = Optional.of(new DlmsData.Integer8(0));
    byte[] noOrder = {1, 2, 3};
    Optional<DlmsData> sealed =
        Optional.of(
            DlmsData.OctetString.of(
                new Dispatch(1_000_000, noOrder)
                    .seal(
                        field
                            .keys(meter, KeyAccess.Purpose.COMMAND_SEAL)
                            .orElseThrow()
                            .encryption())));
    MethodRef take = new MethodRef(CommandDesk.CLASS_ID, CommandDesk.NAME, CommandDesk.TAKE);
    try (DlmsKeys keys = DlmsKeys.of(set.encryption().copy(), set.authentication().copy());
        Association office =
            Association.open(
                link(address, 1),
                AssociationRequest.gmac(
                    SecurityContext.of(TITLE, keys, new AtomicLong(5_000)::incrementAndGet)))) {
      assertThat(office.action(new MethodRef(70, BREAKER, 1), none).result().isSuccess()).isFalse();
      assertThat(office.action(new MethodRef(70, BREAKER, 2), none).result().isSuccess()).isFalse();
      assertThat(
              office.set(new AttributeRef(70, BREAKER, 4), new DlmsData.Enumerated(0)).isSuccess())
          .isFalse();
      assertThat(
              office
                  .set(
                      new AttributeRef(CommandDesk.CLASS_ID, CommandDesk.NAME, 3),
                      DlmsData.Array.of(DlmsData.OctetString.of(new byte[8])))
                  .isSuccess())
          .isFalse();
      assertThat(office.action(take, sealed).result().isSuccess()).as("no signature").isFalse();
      assertThat(office.get(new AttributeRef(CommandDesk.CLASS_ID, CommandDesk.NAME, 3)))
          .isEqualTo(
              new Outcome.Value(
                  DlmsData.Array.of(
                      field.trusted.ids().stream().map(DlmsData.OctetString::of).toList())));
    }
    try (Association anybody = Association.open(link(address, 16), AssociationRequest.open())) {
      assertThat(anybody.action(take, sealed).result().isSuccess()).isFalse();
      assertThat(anybody.action(new MethodRef(70, BREAKER, 1), none).result().isSuccess())
          .isFalse();
    }
  }

  static WrapperLink link(String address, int client) throws Exception {
    String[] parts = address.split(":");
    return WrapperLink.connect(
        new InetSocketAddress(parts[0], Integer.parseInt(parts[1])),
        client,
        1,
        Duration.ofSeconds(5));
  }
}
