package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.objects.Bench.accepts;
import static org.gridwarden.dlms.objects.Bench.dlu;
import static org.gridwarden.dlms.objects.Bench.get;
import static org.gridwarden.dlms.objects.Bench.hex;
import static org.gridwarden.dlms.objects.Bench.invokes;
import static org.gridwarden.dlms.objects.Bench.lu;
import static org.gridwarden.dlms.objects.Bench.refuses;
import static org.gridwarden.dlms.objects.Bench.text;

import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.junit.jupiter.api.Test;

/** Class 62. */
class CompactDataTest {
  private static final ObisCode NAME = ObisCode.parse("0.0.66.0.7.255");
  private static final ObisCode VALUE = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode TEXT = ObisCode.parse("0.0.96.1.0.255");
  private static final DlmsData ZERO = new DlmsData.Integer8(0);

  private final Bench bench = new Bench("2026-11-23T10:00:00Z");
  private final Variable value = new Variable(dlu(1));
  private final Variable list = new Variable(text("ab"));

  CompactDataTest() {
    bench.objects.add(new Register(VALUE, value, 0, Unit.WATT_HOUR));
    bench.objects.add(new Data(TEXT, list));
  }

  private CompactData compact(boolean onReading) {
    return bench.objects.add(
        new CompactData(
            NAME,
            bench.objects,
            List.of(
                RestrictedObject.of(CaptureObject.of(62, NAME, 4)),
                RestrictedObject.of(CaptureObject.of(3, VALUE, 2)),
                RestrictedObject.of(CaptureObject.of(3, VALUE, 3)),
                RestrictedObject.of(CaptureObject.of(1, TEXT, 2))),
            7,
            onReading));
  }

  @Test
  void capturedWhenAsked() {
    CompactData compact = compact(false);
    assertThat(compact.identity()).isEqualTo(new CosemObject.Identity(62, 1, NAME, 6, 2));
    assertThat(hex(compact, 2) + hex(compact, 5)).isEqualTo("09000900");
    assertThat(hex(compact, 4) + hex(compact, 6)).isEqualTo("11071600");
    invokes(compact, 2, ZERO);
    value.set(dlu(2));
    // template id 7; 1; scaler 0, unit 30; "ab" with its length
    assertThat(hex(compact, 2)).isEqualTo("090A" + "07" + "00000001" + "001E" + "026162");
    // structure of 4: unsigned, double-long-unsigned, structure of 2: integer, enum; octet-string
    assertThat(hex(compact, 5)).isEqualTo("0909" + "0204" + "11" + "06" + "02020F16" + "09");
  }

  @Test
  void capturedOnReading() {
    CompactData compact = compact(true);
    value.set(dlu(5));
    assertThat(hex(compact, 2)).contains("0700000005");
    value.set(dlu(6));
    assertThat(hex(compact, 2)).contains("0700000006");
    accepts(compact, 6, new DlmsData.Enumerated(0));
    value.set(dlu(7));
    assertThat(hex(compact, 2)).contains("0700000006");
    invokes(compact, 1, ZERO);
    assertThat(hex(compact, 2)).isEqualTo("0900");
  }

  @Test
  void bufferAndDescriptionAreACompactArray() throws DlmsException {
    CompactData compact = compact(true);
    // long enough for a length of three bytes
    list.set(DlmsData.OctetString.of(new byte[300]));
    byte[] buffer = ((DlmsData.OctetString) get(compact, 2)).bytes();
    byte[] description = ((DlmsData.OctetString) get(compact, 5)).bytes();
    byte[] whole = new byte[1 + description.length + 3 + buffer.length];
    whole[0] = 0x13;
    System.arraycopy(description, 0, whole, 1, description.length);
    int at = 1 + description.length;
    whole[at] = (byte) 0x82;
    whole[at + 1] = (byte) (buffer.length >> 8);
    whole[at + 2] = (byte) buffer.length;
    System.arraycopy(buffer, 0, whole, at + 3, buffer.length);
    DlmsData.CompactArray read = (DlmsData.CompactArray) Axdr.decode(whole);
    assertThat(read.elements())
        .containsExactly(
            DlmsData.Structure.of(
                new DlmsData.Unsigned8(7),
                dlu(1),
                new ScalerUnit(0, Unit.WATT_HOUR).data(),
                DlmsData.OctetString.of(new byte[300])));
  }

  @Test
  void arraysAreDescribedIfTheirElementsAreAlike() {
    CompactData compact = compact(true);
    list.set(DlmsData.Array.of(lu(1), lu(2)));
    assertThat(hex(compact, 2)).endsWith("00010002");
    assertThat(hex(compact, 5)).endsWith("01" + "0002" + "12");
    list.set(DlmsData.Array.of(lu(1), dlu(2)));
    assertThat(hex(compact, 2)).endsWith("001E");
    assertThat(hex(compact, 5)).as("null-data").endsWith("0F1600");
    list.set(DlmsData.Array.of());
    assertThat(hex(compact, 2)).endsWith("001E");
    assertThat(hex(compact, 5)).endsWith("01" + "0000" + "00");
  }

  @Test
  void captureObjectsAreSet() {
    CompactData compact = compact(true);
    DlmsData one =
        DlmsData.Structure.of(
            lu(3),
            DlmsData.OctetString.of(VALUE),
            new DlmsData.Integer8(2),
            lu(0),
            DlmsData.Structure.of(new DlmsData.Enumerated(0), DlmsData.NullData.of()),
            DlmsData.Array.of());
    accepts(compact, 3, DlmsData.Array.of(one));
    assertThat(hex(compact, 2)).isEqualTo("090400000001");
    accepts(compact, 4, new DlmsData.Unsigned8(9));
    refuses(compact, 3, DlmsData.Array.of(lu(1)), AccessResult.TYPE_UNMATCHED);
    DlmsData own = RestrictedObject.of(CaptureObject.of(62, NAME, 2)).data(6);
    refuses(compact, 3, DlmsData.Array.of(own), AccessResult.OTHER_REASON);
    refuses(compact, 6, new DlmsData.Enumerated(2), AccessResult.OTHER_REASON);
    refuses(compact, 5, text("x"), AccessResult.READ_WRITE_DENIED);
  }
}
