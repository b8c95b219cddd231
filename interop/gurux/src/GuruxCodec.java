// SPDX-License-Identifier: GPL-2.0-only
// What Gurux's codec takes for one APDU, without any link: bytes of the same APDUs as the others.

import gurux.dlms.GXByteBuffer;
import gurux.dlms.GXReplyData;
import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.InterfaceType;
import gurux.dlms.enums.Security;
import gurux.dlms.objects.GXDLMSRegister;
import gurux.dlms.secure.GXDLMSSecureClient;
import java.util.HexFormat;

/** Arguments: name=value: the APDUs, in hexadecimal; key, auth-key, millis. Prints a row each. */
public class GuruxCodec {
  public static void main(String[] args) throws Exception {
    Options options = Options.of(args);
    Micro micro = new Micro(options);
    GXDLMSRegister register = new GXDLMSRegister("1.0.1.8.0.255");
    byte[] getResponse = options.bytes("get-response");
    byte[] profileResponse = options.bytes("profile-response");

    GXDLMSSecureClient client = client(Authentication.NONE);
    micro.row("get-request.encode", () -> client.read(register, 2));
    micro.row("get-response.decode", () -> decode(client, getResponse));
    micro.row("profile-response.decode", () -> decode(client, profileResponse));

    GXDLMSSecureClient low = client(Authentication.LOW);
    low.setPassword("12345678");
    byte[] aare = options.bytes("aare");
    micro.row("aarq.encode", low::aarqRequest);
    micro.row(
        "aare.decode",
        () -> {
          GXReplyData reply = new GXReplyData();
          low.getData(new GXByteBuffer(aare), reply);
          low.parseAareResponse(reply.getData());
          return low.getNegotiatedConformance();
        });

    GXDLMSSecureClient ciphered = client(Authentication.HIGH_GMAC);
    ciphered.getCiphering().setSecurity(Security.AUTHENTICATION_ENCRYPTION);
    ciphered.getCiphering().setSystemTitle("GRX00001".getBytes("US-ASCII"));
    ciphered.getCiphering().setBlockCipherKey(options.bytes("key"));
    ciphered.getCiphering().setAuthenticationKey(options.bytes("auth-key"));
    ciphered.getCiphering().setInvocationCounter(1);
    ciphered.setServerSystemTitle(options.bytes("title"));
    byte[] glo = options.bytes("glo-profile-response");
    micro.row("glo-get-request.protect", () -> ciphered.read(register, 2));
    micro.row("glo-profile-response.open", () -> decode(ciphered, glo));

    meter(options, micro);
  }

  /**
   * A meter's answer as a whole: the request read, the object asked, the response written. In the
   * wrapper, whose eight bytes cost nothing beside: without a link the library answers nobody.
   */
  private static void meter(Options options, Micro micro) throws Exception {
    GuruxDevice device =
        GuruxDevice.of(Options.of("link=wrapper", "max-pdu=65535"));
    answer(device, wrapped(options.bytes("aarq-none")));
    byte[] get = wrapped(options.bytes("get-request"));
    byte[] profile = wrapped(options.bytes("profile-request"));
    micro.row("meter.get", () -> answer(device, get));
    micro.row("meter.profile", () -> answer(device, profile));
  }

  private static byte[] wrapped(byte[] apdu) {
    byte[] frame = new byte[8 + apdu.length];
    frame[1] = 1;
    frame[3] = 16;
    frame[5] = 1;
    frame[7] = (byte) apdu.length;
    System.arraycopy(apdu, 0, frame, 8, apdu.length);
    return frame;
  }

  private static byte[] answer(GuruxDevice device, byte[] apdu) throws Exception {
    byte[] reply = device.handleRequest(apdu);
    if (reply == null || reply.length < 16) {
      throw new IllegalStateException(
          "no answer: " + (reply == null ? "" : HexFormat.of().formatHex(reply)));
    }
    return reply;
  }

  private static GXDLMSSecureClient client(Authentication how) {
    GXDLMSSecureClient client = new GXDLMSSecureClient(true, 16, 1, how, null, InterfaceType.PDU);
    client.setAutoIncreaseInvokeID(false);
    return client;
  }

  private static Object decode(GXDLMSSecureClient client, byte[] apdu) throws Exception {
    GXReplyData reply = new GXReplyData();
    client.getData(new GXByteBuffer(apdu), reply);
    if (reply.getValue() == null) {
      throw new IllegalStateException("nothing was read: " + reply.getErrorMessage());
    }
    return reply.getValue();
  }
}
