package org.gridwarden.dlms;

import java.util.HexFormat;
import java.util.Optional;

/**
 * A decoded message as one JSON object on one line. Written by hand: the shape is small and fixed,
 * and the command that prints it should start at once.
 */
final class MessageJson {
  private final StringBuilder out = new StringBuilder(1024);

  private MessageJson() {}

  static String of(DlmsDecoder.Result.Message message) {
    MessageJson json = new MessageJson();
    json.message(message);
    return json.out.toString();
  }

  static String of(DlmsData data) {
    MessageJson json = new MessageJson();
    json.data(data);
    return json.out.toString();
  }

  private void message(DlmsDecoder.Result.Message m) {
    out.append("{\"link\":");
    text(m.link().kind().word());
    out.append(",\"security\":");
    textOrNull(m.security());
    out.append(",\"system_title\":");
    textOrNull(m.systemTitle());
    out.append(",\"frame_counter\":");
    if (m.frameCounter() < 0) {
      out.append("null");
    } else {
      out.append(m.frameCounter());
    }
    out.append(",\"date_time\":");
    Optional<CosemDateTime> time =
        switch (m.apdu()) {
          case Apdu.DataNotification push -> push.dateTime();
          case Apdu.DataNotificationConfirm confirm -> confirm.dateTime();
          case Apdu.EventNotification event -> event.time();
          default -> Optional.empty();
        };
    textOrNull(time.map(t -> t.text(m.profile().deviation())).orElse(""));
    out.append(",\"values\":[");
    if (m.push().isPresent()) {
      String separator = "";
      for (PushValue value : m.push().get().values()) {
        out.append(separator);
        value(value, m.profile());
        separator = ",";
      }
    }
    out.append("],\"body\":");
    body(m.apdu());
    out.append('}');
  }

  private void value(PushValue v, MeterProfile profile) {
    out.append("{\"obis\":");
    textOrNull(v.hasObis() ? v.obis().toString() : "");
    out.append(",\"raw\":");
    content(v.raw());
    out.append(",\"scaler\":");
    if (v.scaling().known()) {
      out.append(v.scaling().scaler());
    } else {
      out.append("null");
    }
    out.append(",\"unit\":");
    if (v.scaling().known()) {
      text(v.scaling().unit().symbol());
    } else {
      out.append("null");
    }
    out.append(",\"value\":");
    if (v.raw() instanceof DlmsData.NullData) {
      out.append("null");
    } else {
      text(v.text(profile.deviation()));
    }
    // only where a profile row has them, so that a plain push stays plain
    if (v.row() >= 0) {
      out.append(",\"at\":");
      textOrNull(v.at().isUnspecified() ? "" : v.at().text(profile.deviation()));
      out.append(",\"status\":");
      if (v.status() < 0) {
        out.append("null");
      } else {
        out.append(v.status());
      }
    }
    out.append('}');
  }

  private void body(Apdu apdu) {
    switch (apdu) {
      case Apdu.DataNotification push -> data(push.body());
      case Apdu.EventNotification event -> data(event.value());
      case Apdu.DataNotificationConfirm _ -> out.append("null");
      case Apdu.Ciphered ciphered -> opaque(ciphered.name(), ciphered.content());
      case Apdu.GeneralCiphering general -> opaque(general.name(), general.content());
      case Apdu.Unknown other -> opaque(other.name(), other.bytes());
      case Acse _, Initiate _, Service _, BlockTransfer _ ->
          opaque(apdu.name(), Apdus.encode(apdu));
    }
  }

  private void opaque(String type, byte[] bytes) {
    out.append("{\"type\":");
    text(type);
    out.append(",\"value\":\"")
        .append(HexFormat.of().withUpperCase().formatHex(bytes))
        .append("\"}");
  }

  private void data(DlmsData data) {
    out.append("{\"type\":");
    text(data.typeName());
    out.append(",\"value\":");
    content(data);
    out.append('}');
  }

  private void content(DlmsData data) {
    switch (data) {
      case DlmsData.Composite list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          if (i > 0) {
            out.append(',');
          }
          data(list.get(i));
        }
        out.append(']');
      }
      case DlmsData.NullData _, DlmsData.DontCare _ -> out.append("null");
      case DlmsData.Bool b -> out.append(b.value());
      case DlmsData.Long64Unsigned n -> out.append(Long.toUnsignedString(n.bits()));
      case DlmsData.Whole n -> out.append(n.asLong());
      case DlmsData.OctetString s -> text(s.hex());
      case DlmsData.Float32 f -> real(Float.toString(f.value()), Float.isFinite(f.value()));
      case DlmsData.Float64 f -> real(Double.toString(f.value()), Double.isFinite(f.value()));
      default -> text(ValueText.of(data, Scaling.NONE, CosemDateTime.DeviationSign.STANDARD));
    }
  }

  /** JSON has no NaN and no infinity: they become texts. */
  private void real(String shortest, boolean finite) {
    if (finite) {
      out.append(shortest);
    } else {
      text(shortest);
    }
  }

  private void textOrNull(String value) {
    if (value.isEmpty()) {
      out.append("null");
    } else {
      text(value);
    }
  }

  private void text(String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          // controls and what a terminal or a careless reader might trip over
          if (c < 0x20
              || c >= 0x7F && c < 0xA0
              || Character.isSurrogate(c)
              || c == 0x2028
              || c == 0x2029) {
            out.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
