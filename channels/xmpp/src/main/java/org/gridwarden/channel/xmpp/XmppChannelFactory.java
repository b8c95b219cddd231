package org.gridwarden.channel.xmpp;

import java.util.List;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;

/**
 * Makes the channel of the section {@code channels.xmpp}:
 *
 * <pre>
 * component:            # the office joins a server (XEP-0114)
 *   host: 127.0.0.1
 *   port: 5347
 *   name: office.meters.example
 *   secretFile: /etc/gridwarden/xmpp-secret
 * domain: meters.example   # where meters have their accounts; else the name less its first label
 * pubsub:               # a node whose items are taken, too
 *   service: pubsub.meters.example
 *   node: gridwarden
 * plaintext: allowed    # needed for a server on another machine
 * inFlight: 512         # messages that wait for their commit
 * rate: 50              # messages a second and meter on the long run
 * burst: 400            # and at once
 * ping: 5m              # a meter that was silent for so long is asked whether it is there
 * grace: 30s            # so long away hints at an outage
 * </pre>
 */
public final class XmppChannelFactory implements ChannelFactory {
  /** For the service loader. */
  public XmppChannelFactory() {}

  @Override
  public String name() {
    return "xmpp";
  }

  @Override
  public List<Channel> create(Map<String, Object> settings) {
    return List.of(new XmppChannel(XmppSettings.of(settings)));
  }
}
