package org.gridwarden.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Warning;
import org.gridwarden.headend.LiveEvent;

/** Live events as the stream tells them. */
final class LiveView {
  /** A storm's, which is of no single meter. */
  private static final MeterId MANY = new MeterId("many");

  private LiveView() {}

  static MeterId meter(LiveEvent event) {
    return switch (event) {
      case LiveEvent.Contact contact -> contact.meter();
      case LiveEvent.Slots slots -> slots.meter();
      case LiveEvent.Momentary momentary -> momentary.meter();
      case LiveEvent.Raised raised -> raised.warning().meter();
      case LiveEvent.CommandMoved moved -> moved.meter();
      case LiveEvent.AlarmMoved moved -> moved.alarm().meter().orElse(MANY);
      case LiveEvent.CaseMoved moved -> moved.about().meter();
    };
  }

  static List<Map<String, Object>> of(LiveEvent event) {
    List<Map<String, Object>> told = new ArrayList<>();
    switch (event) {
      case LiveEvent.Contact contact -> {
        Map<String, Object> one = begin("contact", contact.meter());
        one.put("channel", contact.via().toString());
        one.put("at", contact.at().toString());
        told.add(one);
      }
      case LiveEvent.Slots slots -> {
        for (Slot slot : slots.slots()) {
          Map<String, Object> one = begin("slot", slots.meter());
          one.put("channel", slot.channel().toString());
          one.put("start", slot.start().toString());
          one.put("value", slot.value().plain());
          one.put("unit", slot.value().unit().symbol());
          one.put("quality", Fields.quality(slot.quality()));
          told.add(one);
        }
      }
      case LiveEvent.Momentary momentary -> {
        for (Reading reading : momentary.readings()) {
          Map<String, Object> one = begin("momentary", momentary.meter());
          one.put("channel", reading.channel().toString());
          one.put("at", reading.at().toString());
          one.put("value", reading.value().plain());
          one.put("unit", reading.value().unit().symbol());
          told.add(one);
        }
      }
      case LiveEvent.Raised raised -> {
        Warning warning = raised.warning();
        Map<String, Object> one = begin("warning", warning.meter());
        one.put("id", warning.id().value().toString());
        one.put("at", warning.at().toString());
        one.put("code", warning.code());
        one.put("severity", warning.severity().name());
        one.put("text", warning.text());
        told.add(one);
      }
      case LiveEvent.CommandMoved moved -> {
        Map<String, Object> one = begin("command", moved.meter());
        one.put("id", moved.id().value().toString());
        one.put("state", moved.state().name());
        one.put("at", moved.at().toString());
        one.put("why", moved.why());
        told.add(one);
      }
      case LiveEvent.AlarmMoved moved -> {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("type", "alarm");
        one.put("meter", moved.alarm().meter().map(MeterId::value).orElse(null));
        one.put("alarm", AlarmApi.AlarmView.of(moved.alarm()));
        told.add(one);
      }
      case LiveEvent.CaseMoved moved -> {
        Map<String, Object> one = begin("case", moved.about().meter());
        one.put("case", CaseApi.CaseView.of(moved.about()));
        told.add(one);
      }
    }
    return told;
  }

  private static Map<String, Object> begin(String type, MeterId meter) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("type", type);
    one.put("meter", meter.value());
    return one;
  }
}
