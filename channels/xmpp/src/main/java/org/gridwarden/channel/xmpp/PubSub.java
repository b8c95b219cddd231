package org.gridwarden.channel.xmpp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The node of a publish-subscribe service (XEP-0060) where meters may publish messages, and the
 * office alone reads. XMPP tells nobody whether an item arrived: it is taken at most once, and
 * intake knows what came twice. Thread-safe.
 */
final class PubSub {
  private static final String FORM = "jabber:x:data";
  private static final String CREATE = "node-create";
  private static final String SUBSCRIBE = "node-subscribe";

  private final XmppSettings.PubSub settings;
  private final String office;
  private volatile boolean subscribed;
  private volatile String state = "not subscribed yet";

  PubSub(XmppSettings.PubSub settings, String office) {
    this.settings = settings;
    this.office = office;
  }

  /** What is to be asked of the service: to make the node, where it is not there, and its items. */
  List<Element> questions() {
    if (subscribed) {
      return List.of();
    }
    Element form =
        Element.of(FORM, "x")
            .with("type", "submit")
            .with(field("FORM_TYPE", Words.PUBSUB + "#node_config"));
    for (Map.Entry<String, String> field :
        List.of(
            Map.entry("pubsub#access_model", "whitelist"),
            Map.entry("pubsub#publish_model", "open"),
            Map.entry("pubsub#persist_items", "0"),
            Map.entry("pubsub#deliver_payloads", "1"))) {
      form = form.with(field(field.getKey(), field.getValue()));
    }
    return List.of(
        question(CREATE)
            .with(
                Element.of(Words.PUBSUB, "pubsub")
                    .with(Element.of(Words.PUBSUB, "create").with("node", settings.node()))
                    .with(Element.of(Words.PUBSUB, "configure").with(form))),
        question(SUBSCRIBE)
            .with(
                Element.of(Words.PUBSUB, "pubsub")
                    .with(
                        Element.of(Words.PUBSUB, "subscribe")
                            .with("node", settings.node())
                            .with("jid", office))));
  }

  private Element question(String id) {
    return Words.stanza("iq", "set")
        .with("id", id)
        .with("from", office)
        .with("to", settings.service());
  }

  private static Element field(String name, String value) {
    return Element.of(FORM, "field")
        .with("var", name)
        .with(Element.of(FORM, "value").saying(value));
  }

  boolean isService(Jid from) {
    return from.isServer() && from.domain().equals(settings.service());
  }

  /** The service has answered; that the node was there before is as good. */
  void answered(Element answer) {
    if (answer.attribute("id").filter(SUBSCRIBE::equals).isPresent()) {
      subscribed = answer.attribute("type").filter("result"::equals).isPresent();
      state =
          subscribed
              ? "subscribed"
              : answer
                  .child(Words.COMPONENT, "error")
                  .flatMap(Element::firstChild)
                  .map(Element::name)
                  .orElse("refused");
    }
  }

  /** The link has ended, and with it perhaps what the service knew. */
  void closed() {
    subscribed = false;
    state = "not subscribed";
  }

  boolean isSubscribed() {
    return subscribed;
  }

  /** How it stands, for people. */
  String state() {
    return settings.node() + " at " + settings.service() + " " + state;
  }

  /** The secured messages that an event brings; those of other nodes are no concern here. */
  List<byte[]> messages(Element event) {
    List<byte[]> messages = new ArrayList<>();
    Optional<Element> items =
        event
            .child(Words.PUBSUB_EVENT, "event")
            .flatMap(e -> e.child(Words.PUBSUB_EVENT, "items"))
            .filter(i -> i.attribute("node").filter(settings.node()::equals).isPresent());
    for (Element item : items.map(Element::children).orElse(List.of())) {
      item.child(Words.OURS, Words.SECURED).flatMap(Words::message).ifPresent(messages::add);
    }
    return messages;
  }
}
