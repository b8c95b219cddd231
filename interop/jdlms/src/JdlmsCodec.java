// SPDX-License-Identifier: GPL-3.0-only
// What jDLMS's codec takes for one APDU, without any link: bytes of the same APDUs as the others.

import java.util.HexFormat;
import org.openmuc.jdlms.RawMessageData;
import org.openmuc.jdlms.SecuritySuite;
import org.openmuc.jdlms.datatypes.DataObject;
import org.openmuc.jdlms.internal.APdu;
import org.openmuc.jdlms.internal.DataConverter;
import org.openmuc.jdlms.internal.asn1.cosem.COSEMpdu;
import org.openmuc.jdlms.internal.asn1.cosem.CosemAttributeDescriptor;
import org.openmuc.jdlms.internal.asn1.cosem.CosemObjectInstanceId;
import org.openmuc.jdlms.internal.asn1.cosem.GetDataResult;
import org.openmuc.jdlms.internal.asn1.cosem.GetRequest;
import org.openmuc.jdlms.internal.asn1.cosem.GetRequestNormal;
import org.openmuc.jdlms.internal.asn1.cosem.GetResponse;
import org.openmuc.jdlms.internal.asn1.cosem.GetResponseNormal;
import org.openmuc.jdlms.internal.asn1.cosem.Integer8;
import org.openmuc.jdlms.internal.asn1.cosem.InvokeIdAndPriority;
import org.openmuc.jdlms.internal.asn1.cosem.Unsigned16;

/** Arguments: name=value: the APDUs, in hexadecimal; key, auth-key, millis. Prints a row each. */
public class JdlmsCodec {
  private static final byte[] REGISTER = {1, 0, 1, 8, 0, (byte) 255};
  private static final byte[] INVOKE = {(byte) 0xC1};
  private static final byte[] TITLE = {'J', 'D', 'L', 0, 0, 0, 0, 1};
  private static long counter = 1;

  public static void main(String[] args) throws Exception {
    Options options = Options.of(args);
    Micro micro = new Micro(options);
    byte[] buffer = new byte[65_536];
    byte[] getRequest = options.bytes("get-request");
    byte[] getResponse = options.bytes("get-response");
    byte[] profileResponse = options.bytes("profile-response");
    byte[] aarq = options.bytes("aarq");
    byte[] aare = options.bytes("aare");
    byte[] glo = options.bytes("glo-profile-response");
    SecuritySuite suite = options.suite("gmac");
    byte[] title = options.bytes("title");

    must(bytes(get(), buffer), getRequest);
    micro.row("get-request.encode", () -> bytes(get(), buffer));
    micro.row("get-request.decode", () -> APdu.decode(getRequest, null).getCosemPdu());
    DataObject value = value(getResponse);
    must(bytes(got(value), buffer), getResponse);
    micro.row("get-response.encode", () -> bytes(got(value), buffer));
    micro.row("get-response.decode", () -> value(getResponse));
    DataObject rows = value(profileResponse);
    must(bytes(got(rows), buffer), profileResponse);
    micro.row("profile-response.encode", () -> bytes(got(rows), buffer));
    micro.row("profile-response.decode", () -> value(profileResponse));
    APdu asked = APdu.decode(aarq, null);
    micro.row("aarq.encode", () -> bytes(asked, buffer));
    micro.row("aarq.decode", () -> APdu.decode(aarq, null).getCosemPdu());
    APdu answered = APdu.decode(aare, null);
    micro.row("aare.encode", () -> bytes(answered, buffer));
    micro.row("aare.decode", () -> APdu.decode(aare, null).getCosemPdu());
    micro.row(
        "glo-get-request.protect",
        () -> {
          int length = get().encode(buffer, counter++, TITLE, suite, RawMessageData.builder());
          return java.util.Arrays.copyOfRange(buffer, buffer.length - length, buffer.length);
        });
    micro.row(
        "glo-profile-response.open",
        () -> converted(APdu.decode(glo, title, suite, RawMessageData.builder())));
  }

  private static byte[] bytes(APdu apdu, byte[] buffer) throws Exception {
    int length = apdu.encode(buffer, null);
    return java.util.Arrays.copyOfRange(buffer, buffer.length - length, buffer.length);
  }

  private static void must(byte[] made, byte[] wanted) {
    if (!java.util.Arrays.equals(made, wanted)) {
      throw new IllegalStateException("another APDU was made: " + HexFormat.of().formatHex(made));
    }
  }

  private static APdu get() {
    GetRequest request = new GetRequest();
    request.setGetRequestNormal(
        new GetRequestNormal(
            new InvokeIdAndPriority(INVOKE),
            new CosemAttributeDescriptor(
                new Unsigned16(3), new CosemObjectInstanceId(REGISTER), new Integer8(2)),
            null));
    COSEMpdu pdu = new COSEMpdu();
    pdu.setGetRequest(request);
    return new APdu(null, pdu);
  }

  private static APdu got(DataObject value) {
    GetDataResult result = new GetDataResult();
    result.setData(DataConverter.convertDataObjectToData(value));
    GetResponse response = new GetResponse();
    response.setGetResponseNormal(new GetResponseNormal(new InvokeIdAndPriority(INVOKE), result));
    COSEMpdu pdu = new COSEMpdu();
    pdu.setGetResponse(response);
    return new APdu(null, pdu);
  }

  private static DataObject value(byte[] response) throws Exception {
    return converted(APdu.decode(response, null));
  }

  private static DataObject converted(APdu apdu) {
    return DataConverter.convertDataToDataObject(
        apdu.getCosemPdu().getResponse.getResponseNormal.result.data);
  }
}
