package org.gridwarden.dlms;

import java.nio.charset.StandardCharsets;
import org.gridwarden.dlms.DlmsData.TypeDescription;

/**
 * How many bytes a value takes in A-XDR, without writing it: what is written then goes into an
 * array of just that length. Stateless.
 */
final class AxdrSize {
  private static final int GUESS = 96;

  private AxdrSize() {}

  /**
   * A value with its tag: the length of what {@link AxdrWriter#data} writes. More than that where a
   * visible-string has characters that ISO 8859-1 lacks.
   */
  static int of(DlmsData value) {
    return 1
        + switch (value) {
          case DlmsData.Array list -> list(list);
          case DlmsData.Structure list -> list(list);
          case DlmsData.CompactArray compact -> {
            int contents = 0;
            for (int i = 0; i < compact.size(); i++) {
              contents += packed(compact.get(i));
            }
            yield description(compact.type()) + counted(contents);
          }
          default -> contents(value);
        };
  }

  /** A length and so many bytes. */
  static int counted(int bytes) {
    return prefix(bytes) + bytes;
  }

  private static int prefix(int count) {
    return count < 0x80 ? 1 : count < 0x100 ? 2 : count < 0x10000 ? 3 : 5;
  }

  private static int list(DlmsData.Composite list) {
    int size = prefix(list.size());
    for (int i = 0; i < list.size(); i++) {
      size += of(list.get(i));
    }
    return size;
  }

  private static int packed(DlmsData value) {
    if (!(value instanceof DlmsData.Composite list)) {
      return contents(value);
    }
    int size = 0;
    for (int i = 0; i < list.size(); i++) {
      size += packed(list.get(i));
    }
    return size;
  }

  private static int contents(DlmsData value) {
    return switch (value) {
      case DlmsData.NullData _, DlmsData.DontCare _ -> 0;
      case DlmsData.Bool _,
          DlmsData.Bcd _,
          DlmsData.Integer8 _,
          DlmsData.Unsigned8 _,
          DlmsData.Enumerated _ ->
          1;
      case DlmsData.Long16 _, DlmsData.LongUnsigned _ -> 2;
      case DlmsData.DoubleLong _,
          DlmsData.DoubleLongUnsigned _,
          DlmsData.Float32 _,
          DlmsData.Time _ ->
          4;
      case DlmsData.Date _ -> 5;
      case DlmsData.Long64 _, DlmsData.Long64Unsigned _, DlmsData.Float64 _ -> 8;
      case DlmsData.DateTime _ -> 12;
      case DlmsData.BitString b -> prefix(b.length()) + (b.length() + 7) / 8;
      case DlmsData.OctetString s -> counted(s.length());
      // one byte a character, as they are written
      case DlmsData.VisibleString s -> counted(s.value().length());
      case DlmsData.Utf8String s -> counted(s.value().getBytes(StandardCharsets.UTF_8).length);
      case DlmsData.Delta d ->
          switch (d.tag()) {
            case 28, 31 -> 1;
            case 29, 32 -> 2;
            default -> 4;
          };
      case DlmsData.Composite list ->
          throw new IllegalArgumentException(list.typeName() + " has no packed contents");
    };
  }

  private static int description(TypeDescription type) {
    return switch (type) {
      case TypeDescription.Simple _ -> 1;
      case TypeDescription.ArrayOf(int _, TypeDescription element) -> 3 + description(element);
      case TypeDescription.StructureOf(var elements) -> {
        int size = 1 + prefix(elements.size());
        for (TypeDescription element : elements) {
          size += description(element);
        }
        yield size;
      }
    };
  }

  // --- APDUs

  /**
   * About how many bytes an APDU takes: for those that are many or long the right number, else a
   * guess.
   */
  static int guess(Apdu apdu) {
    return switch (apdu) {
      case Service.GetNormal(int _, Service.Selected what) when what.selection().isEmpty() -> 13;
      case Service.GotNormal(int _, Outcome.Value(DlmsData data)) -> 4 + of(data);
      case Service.GotBlock(int _, Service.Block block, var _) -> 9 + counted(block.raw().length());
      case Service.SetNormal(int _, Service.Selected _, DlmsData data) -> 13 + of(data);
      case Apdu.Ciphered c ->
          1 + counted(5 + c.length()) + (ApduTag.isServiceCiphered(c.tag()) ? 0 : 9);
      case Apdu.DataNotification push -> 18 + of(push.body());
      case BlockTransfer block -> 6 + counted(block.data().length());
      default -> GUESS;
    };
  }
}
