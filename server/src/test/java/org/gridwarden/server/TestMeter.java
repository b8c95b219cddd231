package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.gridwarden.core.Secret;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.security.KeyWrap;

/**
 * A meter as the office meets one: it comes with a shipment and pushes ciphered DLMS over TCP.
 *
 * @param serial its id as well
 * @param title eight bytes
 * @param encryption its global unicast encryption key
 * @param authentication its authentication key
 */
@SuppressWarnings("ArrayRecordComponent") // a test's own, changed by nobody
record TestMeter(String serial, byte[] title, byte[] encryption, byte[] authentication) {
  static final ZoneId ZONE = ZoneId.of("Europe/Zurich");

  /** The head and this meter's line of a shipment, its keys wrapped to the office. */
  String shipment(String officePem) {
    return "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak\n"
        + String.join(
            ",",
            serial,
            HexFormat.of().formatHex(title),
            "street",
            "Testweg 1",
            ZONE.getId(),
            "authenticated",
            "k1",
            wrapped(officePem, encryption),
            wrapped(officePem, authentication))
        + "\n";
  }

  static String wrapped(String officePem, byte[] key) {
    return Base64.getEncoder().encodeToString(KeyWrap.forShipment(key(officePem), new Secret(key)));
  }

  private static PublicKey key(String pem) {
    try {
      return KeyFactory.getInstance("RSA")
          .generatePublic(
              new X509EncodedKeySpec(
                  Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""))));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes it in, as an operator does. */
  void importBy(Api operator) {
    HttpResponse<String> answer =
        operator.send(
            operator
                .request("/api/v1/meters/import")
                .header("Content-Type", "text/csv")
                .POST(
                    BodyPublishers.ofString(shipment(operator.get("/api/v1/office-key").body()))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Api.json(answer).get("accepted").asInt()).as(answer.body()).isEqualTo(1);
  }

  /** A quarter-hour's energy and a voltage, stamped with the quarter-hour's end. */
  static Apdu energy(Instant end, long wattHours) {
    return push(
        end, value("1.0.1.29.0.255", wattHours, 0, 30), value("1.0.32.7.0.255", 2_301, -1, 35));
  }

  /** A code of the meter's standard event log. */
  static Apdu event(Instant at, int code) {
    return push(at, value("0.0.96.11.0.255", code, 0, 255));
  }

  private static Apdu push(Instant at, DlmsData... values) {
    DlmsData[] all = new DlmsData[values.length + 2];
    all[0] = DlmsData.OctetString.of(CosemDateTime.of(at, ZONE).bytes());
    all[1] = new DlmsData.Unsigned8(0);
    System.arraycopy(values, 0, all, 2, values.length);
    return new Apdu.DataNotification(0x4000_0007L, Optional.empty(), DlmsData.Structure.of(all));
  }

  private static DlmsData value(String obis, long value, int scaler, int unit) {
    return DlmsData.Structure.of(
        DlmsData.OctetString.of(ObisCode.parse(obis)),
        new DlmsData.DoubleLongUnsigned(value),
        DlmsData.Structure.of(new DlmsData.Integer8(scaler), new DlmsData.Enumerated(unit)));
  }

  /** Sends it and returns when the office has confirmed that it is durable. */
  void push(RunningServer server, Apdu plain, long counter) throws IOException, DlmsException {
    byte[] answer = exchange(server, plain, counter);
    assertThat(
            Apdus.decode(
                Ciphering.unprotect(
                    (Apdu.Ciphered) Apdus.decode(answer),
                    new byte[0],
                    DlmsKeys.of(encryption, authentication))))
        .isInstanceOf(Apdu.DataNotificationConfirm.class);
  }

  /** Sends it and returns what comes back before the office closes; nothing where it refuses. */
  byte[] exchange(RunningServer server, Apdu plain, long counter)
      throws IOException, DlmsException {
    byte[] sealed =
        Apdus.encode(
            Ciphering.protect(
                0xDB,
                SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
                title,
                counter,
                Apdus.encode(plain),
                DlmsKeys.of(encryption, authentication)));
    try (Socket socket = new Socket("127.0.0.1", server.dlmsTcpPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(Wrapper.encode(1, 103, sealed));
      socket.shutdownOutput();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] header = in.readNBytes(Wrapper.HEADER);
      return header.length < Wrapper.HEADER
          ? new byte[0]
          : in.readNBytes((header[6] & 0xFF) << 8 | header[7] & 0xFF);
    }
  }
}
