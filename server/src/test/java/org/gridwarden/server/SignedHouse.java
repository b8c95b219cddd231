package org.gridwarden.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.objects.Clock;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.AsymmetricKeys;
import org.gridwarden.dlms.security.EllipticCurve;
import org.gridwarden.dlms.security.SecurityContext;
import org.gridwarden.dlms.security.SecurityPolicy;
import org.gridwarden.dlms.security.SecuritySuite;
import org.gridwarden.dlms.thirdparty.SignedRequests;
import org.gridwarden.dlms.thirdparty.TransactionMemory;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.thirdparty.OperatorTitle;

/** A house whose meter, over TCP, does what its operators have signed as DLMS requests. */
final class SignedHouse implements AutoCloseable {
  static final String SERIAL = "GWM0000000000007";
  private static final byte[] TITLE = {'G', 'W', 'M', 0, 0, 0, 0, 7};
  private static final byte[] GUEK = "sixteen bytes 21".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] GAK = "sixteen bytes 22".getBytes(StandardCharsets.US_ASCII);
  private static final int READER = 2;
  private static final int MANAGEMENT = 1;

  final KeyPair key = EllipticCurve.P_256.generate();
  private final List<ECPublicKey> operators = new CopyOnWriteArrayList<>();
  private final AtomicLong counter = new AtomicLong();
  private final DisconnectControl breaker =
      new DisconnectControl(ObisCode.parse("0.0.96.3.10.255"), _ -> {});
  private final MeterServer server;

  SignedHouse() throws IOException {
    InstantSource clock = InstantSource.system();
    DlmsKeys keys = DlmsKeys.of(GUEK, GAK);
    SecurityContext reading =
        SecurityContext.of(TITLE, keys, counter::incrementAndGet)
            .withSuite(SecuritySuite.SUITE_1)
            .withPairs(
                new AsymmetricKeys(
                    Optional.of((java.security.interfaces.ECPrivateKey) key.getPrivate()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
    SecurityContext signed =
        reading
            .withPolicy(SecurityPolicy.of(true, true, true))
            .withThirdParties(
                new SignedRequests(
                    TITLE,
                    SERIAL,
                    EllipticCurve.P_256,
                    this::operator,
                    TransactionMemory.inMemory(),
                    clock));
    server =
        MeterServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Map.of(
                1,
                new LogicalDevice(
                    TITLE,
                    List.of(
                        breaker, new Clock(ObisCode.parse("0.0.1.0.0.255"), clock, ZoneOffset.UTC)),
                    Map.of(
                        READER,
                        ClientAccess.gmac(() -> reading, Rights.READ_ALL),
                        MANAGEMENT,
                        ClientAccess.gmac(() -> signed, Rights.NOTHING)
                            .thirdParties(_ -> Rights.EVERYTHING)))),
            MeterServer.Limits.DEFAULT);
  }

  private Optional<ECPublicKey> operator(byte[] title) {
    return operators.stream()
        .filter(known -> Arrays.equals(OperatorTitle.of(Signed.keyId(known)), title))
        .findFirst();
  }

  void trust(PublicKey operator) {
    operators.add((ECPublicKey) operator);
  }

  boolean isConnected() {
    return breaker.state() == DisconnectControl.State.CONNECTED;
  }

  static byte[] title() {
    return TITLE.clone();
  }

  String shipment(String officePem) {
    return "serial,system_title,profile,service_point,zone,key_id,guek,gak,address,companion,"
        + "receipt_key,signing\n"
        + String.join(
            ",",
            SERIAL,
            HexFormat.of().formatHex(TITLE),
            "captures",
            "Gasse 7",
            "Europe/Zurich",
            "k1",
            TestMeter.wrapped(officePem, GUEK),
            TestMeter.wrapped(officePem, GAK),
            "127.0.0.1:" + server.port(),
            "suite1",
            Base64.getEncoder().encodeToString(key.getPublic().getEncoded()),
            "dlms")
        + "\n";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
