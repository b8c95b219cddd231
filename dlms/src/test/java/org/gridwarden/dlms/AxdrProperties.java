package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.gridwarden.dlms.DlmsData.TypeDescription;
import org.jspecify.annotations.Nullable;

/** What is encoded decodes to the same, for values of every type and nesting. */
class AxdrProperties {
  @Property(tries = 500)
  void everyValueComesBack(@ForAll("data") DlmsData data) throws DlmsException {
    assertThat(Axdr.decode(Axdr.encode(data))).isEqualTo(data);
  }

  @Property(tries = 500)
  void theSizeIsKnownBefore(@ForAll("data") DlmsData data) {
    assertThat(Axdr.size(data)).isEqualTo(Axdr.encode(data).length);
  }

  @Property(tries = 200)
  void aPartOfAnArrayIsRead(@ForAll("data") DlmsData data) throws DlmsException {
    byte[] encoded = Axdr.encode(data);
    byte[] more = new byte[encoded.length + 7];
    System.arraycopy(encoded, 0, more, 3, encoded.length);
    assertThat(Axdr.decode(more, 3, encoded.length)).isEqualTo(data);
  }

  @Property(tries = 300)
  void everyNotificationComesBack(@ForAll("data") DlmsData body, @ForAll int invokeId)
      throws DlmsException {
    Apdu push = new Apdu.DataNotification(invokeId & 0xFFFF_FFFFL, Optional.empty(), body);
    assertThat(Apdus.decode(Apdus.encode(push))).isEqualTo(push);
  }

  @Property(tries = 500)
  void everyPrefixOfAValueIsRefused(@ForAll("data") DlmsData data, @ForAll int cut) {
    byte[] bytes = Axdr.encode(data);
    byte[] part = Arrays.copyOf(bytes, Math.floorMod(cut, bytes.length));
    assertThat(catchDlms(part)).isNotNull();
  }

  @Property(tries = 300)
  void whatIsSealedOpens(
      @ForAll byte[] plain, @ForAll int counter, @ForAll boolean encrypted, @ForAll boolean signed)
      throws DlmsException {
    DlmsKeys keys = DlmsKeys.of(new byte[16], new byte[16]);
    SecurityControl control = SecurityControl.of(1, signed, encrypted, false);
    Apdu.Ciphered sealed =
        Ciphering.protect(0xDB, control, new byte[8], counter & 0xFFFF_FFFFL, plain, keys);
    Apdu back = Apdus.decode(Apdus.encode(sealed));
    assertThat(back).isEqualTo(sealed);
    assertThat(Ciphering.unprotect((Apdu.Ciphered) back, new byte[0], keys)).isEqualTo(plain);
  }

  private static @Nullable DlmsException catchDlms(byte[] bytes) {
    try {
      Axdr.decode(bytes);
      return null;
    } catch (DlmsException e) {
      return e;
    }
  }

  @Provide
  Arbitrary<DlmsData> data() {
    return Arbitraries.recursive(this::scalar, this::nested, 0, 3);
  }

  private Arbitrary<DlmsData> nested(Arbitrary<DlmsData> inner) {
    Arbitrary<List<DlmsData>> list = inner.list().ofMaxSize(6);
    return Arbitraries.oneOf(
        inner,
        list.map(DlmsData.Array::of),
        list.map(DlmsData.Structure::of),
        compact().map(DlmsData.class::cast));
  }

  private Arbitrary<DlmsData.CompactArray> compact() {
    TypeDescription row =
        new TypeDescription.StructureOf(
            List.of(
                new TypeDescription.Simple(6),
                new TypeDescription.ArrayOf(2, new TypeDescription.Simple(9))));
    return Combinators.combine(
            Arbitraries.longs().between(0, 0xFFFF_FFFFL), Arbitraries.bytes().array(byte[].class))
        .as((n, b) ->
            (DlmsData)
                DlmsData.Structure.of(
                    new DlmsData.DoubleLongUnsigned(n),
                    DlmsData.Array.of(DlmsData.OctetString.of(b), DlmsData.OctetString.of(b))))
        .list()
        .ofMaxSize(5)
        .map(rows -> DlmsData.CompactArray.of(row, rows));
  }

  private Arbitrary<DlmsData> scalar() {
    Arbitrary<Integer> b = Arbitraries.integers().between(0, 255);
    return Arbitraries.<DlmsData>oneOf(
        Arbitraries.just(DlmsData.NullData.of()),
        Arbitraries.of(true, false).map(DlmsData.Bool::new),
        Arbitraries.integers().map(DlmsData.DoubleLong::new),
        Arbitraries.longs().between(0, 0xFFFF_FFFFL).map(DlmsData.DoubleLongUnsigned::new),
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMaxSize(300)
            .map(bytes -> DlmsData.OctetString.of(bytes)),
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMaxSize(9)
            .map(bits -> DlmsData.BitString.of(bits, Math.max(0, bits.length * 8 - 3))),
        Arbitraries.strings().ascii().ofMaxLength(200).map(DlmsData.VisibleString::new),
        Arbitraries.strings().alpha().ofMaxLength(20).map(DlmsData.Utf8String::new),
        b.map(DlmsData.Bcd::new),
        b.map(n -> new DlmsData.Integer8(n - 128)),
        Arbitraries.shorts().map(n -> new DlmsData.Long16(n)),
        b.map(DlmsData.Unsigned8::new),
        Arbitraries.integers().between(0, 65535).map(DlmsData.LongUnsigned::new),
        Arbitraries.longs().map(DlmsData.Long64::new),
        Arbitraries.longs().map(DlmsData.Long64Unsigned::new),
        b.map(DlmsData.Enumerated::new),
        Arbitraries.floats().map(DlmsData.Float32::new),
        Arbitraries.of(Double.NaN, 0.1, Double.NEGATIVE_INFINITY).map(DlmsData.Float64::new),
        Combinators.combine(Arbitraries.integers().between(0, 0xFFFF), b, b, b)
            .as(DlmsData.Date::new),
        Combinators.combine(b, b, b, b).as(DlmsData.Time::new),
        Combinators.combine(Arbitraries.integers().between(0, 0xFFFF), b, b, Arbitraries.shorts())
            .as((year, x, y, deviation) ->
                new DlmsData.DateTime(new CosemDateTime(year, x, y, x, y, x, y, x, deviation, y))),
        Arbitraries.bytes().map(n -> new DlmsData.Delta(28, n)),
        Arbitraries.longs().between(0, 0xFFFF_FFFFL).map(n -> new DlmsData.Delta(33, n)));
  }
}
