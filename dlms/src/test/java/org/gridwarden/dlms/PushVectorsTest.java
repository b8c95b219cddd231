package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.gridwarden.cosem.ObisCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Pushes captured from real meters decode to the values that their files state. Each file under
 * {@code vectors/} names its source and licence.
 */
class PushVectorsTest {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("ARRAY", "array"),
          Map.entry("STRUCTURE", "structure"),
          Map.entry("NullData", "null-data"),
          Map.entry("INT8", "integer"),
          Map.entry("INT16", "long"),
          Map.entry("UINT8", "unsigned"),
          Map.entry("UINT16", "long-unsigned"),
          Map.entry("UINT32", "double-long-unsigned"),
          Map.entry("ENUM", "enum"),
          Map.entry("OCTETSTRING", "octet-string"),
          Map.entry("VISIBLESTRING", "visible-string"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdlc_iskra550",
        "hdlc_kaifa_ma304h3e",
        "hdlc_lgz_e450_2",
        "hdlc_norway_han_1phase",
        "mbus_netz_noe_p1",
        "raw_energomera",
        // and of meters that nothing here was written for
        "hdlc_kamstrup_omnipower",
        "hdlc_landis_gyr_e450",
        "hdlc_landis_gyr_e450_cyprus_2",
        "hdlc_norway_han_3phase",
        "raw_salzburg_netz",
        "raw_egd_example",
        "raw_sagecom_xt211"
      })
  void aPushDecodesToTheBodyItsFileStates(String name) throws Exception {
    DlmsDecoder.Result.Message message = only(name);
    Element root = expected(name);
    if (root.getTagName().equals("GeneralGloCiphering")) {
      assertThat(message.systemTitle()).isEqualTo(root.getAttribute("SystemTitle"));
      assertThat(message.frameCounter())
          .isEqualTo(Long.parseLong(root.getAttribute("FrameCounter")));
      root = children(root).getFirst();
    }
    Apdu.DataNotification push = (Apdu.DataNotification) message.apdu();
    assertThat(push.invokeId()).isEqualTo(Long.parseLong(root.getAttribute("LongInvokeId"), 16));
    List<Element> parts = children(root);
    String sent = parts.getFirst().getAttribute("Value");
    if (sent.isEmpty()) {
      assertThat(push.dateTime()).isEmpty();
    } else {
      assertThat(theirs(push.dateTime().orElseThrow())).isEqualTo(sent);
    }
    same(parts.get(1), push.body(), "body");
  }

  private static void same(Element expected, DlmsData data, String place) {
    assertThat(data.typeName()).as(place).isEqualTo(TYPES.get(expected.getTagName()));
    switch (data) {
      case DlmsData.Composite list -> {
        List<Element> elements = children(expected);
        assertThat(list.size()).as(place).isEqualTo(elements.size());
        for (int i = 0; i < list.size(); i++) {
          Element element = elements.get(i);
          if (element.getTagName().equals("AttributeDescriptor")) {
            descriptor(element, (DlmsData.Structure) list.get(i));
          } else {
            same(element, list.get(i), place + "[" + i + "]");
          }
        }
      }
      case DlmsData.Whole whole ->
          assertThat(whole.asLong())
              .as(place)
              .isEqualTo(Long.parseLong(expected.getAttribute("Value")));
      case DlmsData.VisibleString text ->
          assertThat(text.value()).as(place).isEqualTo(expected.getAttribute("Value"));
      case DlmsData.OctetString octets ->
          assertThat(octetForms(octets)).as(place).contains(expected.getAttribute("Value"));
      default -> assertThat(data).as(place).isInstanceOf(DlmsData.NullData.class);
    }
  }

  private static void descriptor(Element expected, DlmsData.Structure data) {
    List<String> values = children(expected).stream().map(e -> e.getAttribute("Value")).toList();
    assertThat(data)
        .isEqualTo(
            DlmsData.Structure.of(
                new DlmsData.LongUnsigned(Integer.parseInt(values.get(0), 16)),
                DlmsData.OctetString.of(ObisCode.parse(values.get(1))),
                new DlmsData.Integer8(Integer.parseInt(values.get(2), 16))));
  }

  /** The ways in which the files write octets: text, six groups, a time, hexadecimal. */
  private static List<String> octetForms(DlmsData.OctetString octets) {
    List<String> forms = new ArrayList<>();
    forms.add(octets.hex());
    String text = new String(octets.bytes(), StandardCharsets.ISO_8859_1);
    forms.add(text.replaceAll("\0+$", ""));
    if (octets.length() == 6) {
      forms.add(ObisCode.of(octets.bytes(), 0).toString());
    }
    if (octets.length() == 12) {
      forms.add(theirs(CosemDateTime.of(octets.bytes(), 0)));
    }
    return forms;
  }

  /** A time as the files write it: hundredths where given, the deviation with its own sign. */
  private static String theirs(CosemDateTime t) {
    String text =
        "%04d-%02d-%02d %02d:%02d:%02d"
            .formatted(t.year(), t.month(), t.day(), t.hour(), t.minute(), t.second());
    if (t.hundredths() != 0xFF) {
      text += ".%02d".formatted(t.hundredths());
    }
    if (t.deviation() != CosemDateTime.NO_DEVIATION) {
      int minutes = Math.abs(t.deviation());
      text += " %s%02d:%02d".formatted(t.deviation() < 0 ? "-" : "+", minutes / 60, minutes % 60);
    }
    return text;
  }

  @Test
  void theLayoutsGiveObisScalerUnitAndValue() {
    assertThat(values("hdlc_iskra550"))
        .contains(
            "0.0.96.1.0.255=84895126",
            "0.0.96.1.1.255=160456",
            "1.0.1.8.0.255=261927 Wh",
            "1.0.32.7.0.255=236.4 V",
            "1.0.51.7.0.255=0.89 A",
            "1.0.2.8.2.255=13185 Wh");
    assertThat(values("hdlc_kaifa_ma304h3e"))
        .containsExactly(
            "1.1.0.2.129.255=KFM_001",
            "0.0.96.1.0.255=6970631401753985",
            "0.0.96.1.7.255=MA304H3E",
            "1.0.1.7.0.255=948 W",
            "1.0.2.7.0.255=0 W",
            "1.0.3.7.0.255=0 var",
            "1.0.4.7.0.255=64 var",
            "1.0.31.7.0.255=1.416 A",
            "1.0.51.7.0.255=3.241 A",
            "1.0.71.7.0.255=3.119 A",
            "1.0.32.7.0.255=238.5 V",
            "1.0.52.7.0.255=0.0 V",
            "1.0.72.7.0.255=238.9 V");
    assertThat(values("hdlc_lgz_e450_2"))
        .hasSize(17)
        .startsWith("0.0.1.0.0.255=2023-11-10T10:58:50", "1.0.1.8.0.255=12048950 ?")
        .endsWith("1.0.4.7.0.255=379 ?");
    assertThat(values("hdlc_norway_han_1phase"))
        .containsExactly(
            "1.1.0.2.129.255=AIDON_V0001",
            "0.0.96.1.0.255=7359992890941742",
            "0.0.96.1.7.255=6515",
            "1.0.1.7.0.255=1362 W",
            "1.0.2.7.0.255=0 W",
            "1.0.3.7.0.255=996 var",
            "1.0.4.7.0.255=0 var",
            "1.0.31.7.0.255=9.3 A",
            "1.0.32.7.0.255=250.0 V");
    assertThat(values("mbus_netz_noe_p1"))
        .hasSize(13)
        .startsWith("0.0.1.0.0.255=2021-09-27T09:47:15+02:00", "1.0.1.8.0.255=12937 Wh")
        .contains("1.0.32.7.0.255=233.7 V", "1.0.13.7.0.255=1.000 ")
        .endsWith("0.0.96.1.0.255=181220000009");
    assertThat(values("raw_energomera"))
        .containsExactly(
            "0.0.96.5.134.255=1 ?",
            "0.0.42.0.0.255=EMR0222173608710",
            "0.0.96.1.0.255=012415173608710",
            "0.0.97.98.0.255=16 ?",
            "0.0.97.98.10.255=65535 ?",
            "0.0.99.98.4.255=3 ?");
  }

  @Test
  void pushesOfMetersThatNoLayoutNamesAreReadByTheGenericOne() {
    assertThat(values("hdlc_landis_gyr_e450_cyprus_2"))
        .contains(
            "0.0.42.0.0.255=LGZ1030790258946",
            "0.0.96.1.1.255=1538088",
            "0.0.96.14.0.255=RATE2",
            "1.0.1.8.0.255=132573 ?",
            "1.0.4.8.0.255=307393 ?");
    assertThat(values("raw_salzburg_netz"))
        .startsWith("0.0.1.0.0.255=2022-11-12T16:54:00+01:00", "0.0.96.1.0.255=1KFM0200234804")
        .contains("1.0.32.7.0.255=229.2 V", "1.0.31.7.0.255=1.65 A", "1.0.1.8.0.255=1327456 Wh");
    assertThat(values("raw_sagecom_xt211"))
        .contains("0.0.96.1.1.255=5100005149", "1.0.1.7.0.255=1956 ?", "1.0.1.8.0.255=4913794 ?");
    assertThat(values("raw_egd_example")).contains("0.0.42.0.0.255=EGD012345");
    assertThat(values("hdlc_norway_han_3phase")).contains("1.0.1.8.0.255=10049926 Wh");
    assertThat(values("hdlc_kamstrup_omnipower"))
        .contains("1.1.1.7.0.255=1083 W", "1.1.31.7.0.255=0.57 A", "1.1.1.8.0.255=63074980 Wh");
  }

  @Test
  @DisplayName("a logical name whose tag and length a meter swapped is read as meant")
  void embriqSwapsTagAndLengthOfThreeNames() {
    byte[] frame = LinkVectors.push("push-hdlc_landis_gyr_zmf100.txt");
    // as captured, from behind the HDLC and LLC headers to before the check sequence
    byte[] apdu = Arrays.copyOfRange(frame, 12, frame.length - 3);
    DlmsDecoder.Result.Message message =
        (DlmsDecoder.Result.Message) decoder(Optional.empty()).decode(apdu).getFirst();
    assertThat(texts(message))
        .hasSize(18)
        .contains("1.0.31.7.0.255=2.44 A", "1.0.32.7.0.255=233.0 V", "0.0.1.8.0.255=34479 Wh");
  }

  @Test
  void withoutAKeyTheHeaderIsShownAndTheRestStaysClosed() {
    DlmsDecoder.Result.Message message = only("mbus_kmswest");
    assertThat(message.systemTitle()).isEqualTo("454C536570000001");
    assertThat(message.frameCounter()).isEqualTo(21535);
    assertThat(message.apdu()).isInstanceOf(Apdu.Ciphered.class);
    assertThat(message.json())
        .startsWith(
            "{\"link\":\"mbus\",\"security\":\"suite 0, encrypted, not authenticated\","
                + "\"system_title\":\"454C536570000001\",\"frame_counter\":21535,"
                + "\"date_time\":null,\"values\":[],\"body\":{\"type\":\"general-glo-ciphering\"");
  }

  @Test
  void theJsonIsTheOneThatIsPromised() {
    assertThat(only("hdlc_norway_han_1phase").json())
        .startsWith(
            "{\"link\":\"hdlc\",\"security\":null,\"system_title\":null,\"frame_counter\":null,"
                + "\"date_time\":null,\"values\":[{\"obis\":\"1.1.0.2.129.255\","
                + "\"raw\":\"AIDON_V0001\",\"scaler\":null,\"unit\":null,\"value\":\"AIDON_V0001\"},")
        .contains(
            "{\"obis\":\"1.0.31.7.0.255\",\"raw\":93,\"scaler\":-1,\"unit\":\"A\",\"value\":\"9.3\"}")
        .contains(
            "\"body\":{\"type\":\"array\",\"value\":[{\"type\":\"structure\",\"value\":"
                + "[{\"type\":\"octet-string\",\"value\":\"0101000281FF\"},"
                + "{\"type\":\"visible-string\",\"value\":\"AIDON_V0001\"}]}")
        .endsWith("}");
    assertThat(only("hdlc_lgz_e450_2").json())
        .startsWith(
            "{\"link\":\"hdlc\",\"security\":\"suite 0, authenticated, encrypted\","
                + "\"system_title\":\"4C475A67735DD3A9\",\"frame_counter\":707715,"
                + "\"date_time\":\"2023-11-10T10:58:50\",");
    assertThat(only("raw_energomera").json())
        .contains("\"date_time\":\"2022-11-03T15:38:25+03:00\"");
  }

  @Test
  void manyFramesInOneStreamOneOfThemDamaged() throws Exception {
    byte[] damaged = LinkVectors.push("push-hdlc_kaifa_ma304h3e.txt");
    damaged[40] ^= 1;
    byte[] stream =
        LinkVectors.concat(
            LinkVectors.push("push-hdlc_norway_han_1phase.txt"),
            damaged,
            LinkVectors.push("push-hdlc_iskra550.txt"));
    List<DlmsDecoder.Result> results = new ArrayList<>();
    decoder(Optional.empty()).decode(new ByteArrayInputStream(stream), results::add);
    assertThat(results.stream().filter(DlmsDecoder.Result.Message.class::isInstance)).hasSize(2);
    assertThat(results.stream().filter(DlmsDecoder.Result.Problem.class::isInstance)).isNotEmpty();
  }

  // --- helpers

  private static List<String> values(String name) {
    return texts(only(name));
  }

  private static List<String> texts(DlmsDecoder.Result.Message message) {
    return message.push().orElseThrow().values().stream()
        .map(v ->
            (v.hasObis() ? v.obis() : "-")
                + "="
                + v.text()
                + (v.raw() instanceof DlmsData.Whole
                    ? " " + (v.scaling().known() ? v.scaling().unit().symbol() : "?")
                    : ""))
        .toList();
  }

  private static DlmsDecoder.Result.Message only(String name) {
    String file = "push-" + name + ".txt";
    List<DlmsDecoder.Result> results =
        decoder(keys(LinkVectors.text(file))).decode(LinkVectors.push(file));
    assertThat(results).as(name).hasSize(1);
    assertThat(results.getFirst()).as(name).isInstanceOf(DlmsDecoder.Result.Message.class);
    return (DlmsDecoder.Result.Message) results.getFirst();
  }

  private static DlmsDecoder decoder(Optional<DlmsKeys> keys) {
    PushLayouts layouts = PushLayouts.builtIn();
    return new DlmsDecoder(keys, new byte[0], layouts, layouts.genericProfile());
  }

  private static Optional<DlmsKeys> keys(String text) {
    byte[] guek = key(text, "\\(GUEK\\)");
    return guek.length == 0
        ? Optional.empty()
        : Optional.of(DlmsKeys.of(guek, key(text, "\\(GAK\\)")));
  }

  private static byte[] key(String text, String name) {
    Matcher m = Pattern.compile(name + " = ([0-9A-Fa-f]+)").matcher(text);
    return m.find() ? HexFormat.of().parseHex(m.group(1)) : new byte[0];
  }

  private static Element expected(String name) throws Exception {
    String text = LinkVectors.text("push-" + name + ".txt");
    String xml = text.substring(text.indexOf("<?xml"));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
        .getDocumentElement();
  }

  private static List<Element> children(Element parent) {
    List<Element> list = new ArrayList<>();
    for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element e) {
        list.add(e);
      }
    }
    return list;
  }
}
