package org.gridwarden.simulator.xmpp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.simulator.Carrier;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SASLAuthentication;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.iqrequest.AbstractIqRequestHandler;
import org.jivesoftware.smack.iqrequest.IQRequestHandler.Mode;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;

/**
 * Carries messages by XMPP, each as a question that the office answers once it is committed, over
 * TLS and by SCRAM. A meter tells the office that it is there, and leaves with it the warning that
 * it has sealed. Smack speaks for it.
 */
public final class XmppCarrier implements Carrier {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static {
    SASLAuthentication.registerSASLMechanism(new ScramSha256());
    ProviderManager.addIQProvider(SecuredIq.ELEMENT, SecuredIq.NAMESPACE, new SecuredIq.Provider());
    ProviderManager.addIQProvider(PingIq.ELEMENT, PingIq.NAMESPACE, new PingIq.Provider());
  }

  private final InetSocketAddress server;
  private final String domain;
  private final X509TrustManager trust;
  private final String mechanism;
  private final Optional<InetAddress> from;

  /**
   * @param server where meters log in
   * @param domain in which they have their accounts; the office is {@code office.} before it
   * @param trust whom the server's certificate must come from
   */
  public XmppCarrier(InetSocketAddress server, String domain, X509TrustManager trust) {
    this(server, domain, trust, ScramSha256.NAME, Optional.empty());
  }

  /**
   * For a server that shows one certificate, which is known.
   *
   * @param certificate its file, PEM
   * @throws IOException where it is no certificate
   */
  public static XmppCarrier trusting(InetSocketAddress server, String domain, Path certificate)
      throws IOException {
    try (InputStream in = Files.newInputStream(certificate)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return new XmppCarrier(server, domain, (X509TrustManager) factory.getTrustManagers()[0]);
    } catch (GeneralSecurityException e) {
      throw new IOException(certificate + " is no server's certificate: " + e.getMessage(), e);
    }
  }

  private XmppCarrier(
      InetSocketAddress server,
      String domain,
      X509TrustManager trust,
      String mechanism,
      Optional<InetAddress> from) {
    this.server = server;
    this.domain = domain;
    this.trust = trust;
    this.mechanism = mechanism;
    this.from = from;
  }

  /** The same for meters that know SHA-1 alone. */
  public XmppCarrier older() {
    return new XmppCarrier(server, domain, trust, "SCRAM-SHA-1", from);
  }

  /** The same for meters at one of this machine's addresses. */
  public XmppCarrier from(InetAddress address) {
    return new XmppCarrier(server, domain, trust, mechanism, Optional.of(address));
  }

  /** The name under which a meter logs in: small letters, colons as XEP-0106 writes them. */
  public static String account(MeterId meter) {
    return meter.value().toLowerCase(Locale.ROOT).replace(":", "\\3a");
  }

  @Override
  public Way open(Caller meter) throws IOException, InterruptedException {
    XMPPTCPConnection connection;
    try (Secret password = MessagePassword.of(meter.id(), meter.key())) {
      byte[] copy = password.copy();
      XMPPTCPConnectionConfiguration.Builder options =
          XMPPTCPConnectionConfiguration.builder()
              .setHostAddress(server.getAddress())
              .setPort(server.getPort())
              .setXmppDomain(domain)
              .setUsernameAndPassword(
                  account(meter.id()), new String(copy, StandardCharsets.US_ASCII))
              .setResource("meter")
              .setSecurityMode(SecurityMode.required)
              .setCustomX509TrustManager(trust)
              .addEnabledSaslMechanism(mechanism)
              .setSendPresence(false)
              .setCompressionEnabled(false);
      from.ifPresent(address -> options.setSocketFactory(new BoundSockets(address)));
      connection = new XMPPTCPConnection(options.build());
      Arrays.fill(copy, (byte) 0);
    } catch (XmppStringprepException e) {
      throw new IOException("no address of XMPP: " + e.getMessage(), e);
    }
    connection.setReplyTimeout(PATIENCE.toMillis());
    connection.setUseStreamManagement(false);
    Session session = new Session(meter, connection, office());
    session.begin();
    return session;
  }

  private Jid office() throws IOException {
    try {
      return JidCreate.from("office." + domain);
    } catch (XmppStringprepException e) {
      throw new IOException("no address of XMPP: office." + domain, e);
    }
  }

  private static final class Session implements Way {
    private final Caller meter;
    private final AbstractXMPPConnection connection;
    private final Jid office;
    private final byte[] will;
    private final AtomicBoolean ended = new AtomicBoolean();

    Session(Caller meter, AbstractXMPPConnection connection, Jid office) {
      this.meter = meter;
      this.connection = connection;
      this.office = office;
      this.will = meter.will().get();
    }

    void begin() throws IOException, InterruptedException {
      connection.addConnectionListener(
          new ConnectionListener() {
            @Override
            public void connectionClosed() {
              end();
            }

            @Override
            public void connectionClosedOnError(Exception why) {
              end();
            }
          });
      var unused = connection.registerIQRequestHandler(orders());
      var none = connection.registerIQRequestHandler(new PingIq.Answer());
      // an office that has come back knows of nobody, and says that it is there to whom it hears
      connection.addAsyncStanzaListener(
          _ -> tellPresence(Presence.Type.available, "will", SecuredIq.base64(will)),
          stanza -> stanza instanceof Presence && office.equals(stanza.getFrom()));
      try {
        connection.connect();
        connection.login();
        tellPresence(Presence.Type.available, "will", SecuredIq.base64(will));
      } catch (SmackException | XMPPException | IOException e) {
        connection.disconnect();
        throw new IOException("meter " + meter.id() + " cannot log in: " + e.getMessage(), e);
      }
    }

    private AbstractIqRequestHandler orders() {
      return new AbstractIqRequestHandler(
          SecuredIq.ELEMENT, SecuredIq.NAMESPACE, IQ.Type.set, Mode.async) {
        @Override
        public IQ handleIQRequest(IQ question) {
          if (!office.equals(question.getFrom())) {
            return IQ.createErrorResponse(question, StanzaError.Condition.forbidden);
          }
          meter.orders().accept(((SecuredIq) question).message());
          return IQ.createResultIQ(question);
        }
      };
    }

    private void tellPresence(Presence.Type type, String element, String text)
        throws SmackException.NotConnectedException, InterruptedException {
      Stanza presence =
          StanzaBuilder.buildPresence()
              .to(office)
              .ofType(type)
              .addExtension(
                  StandardExtensionElement.builder(element, SecuredIq.NAMESPACE)
                      .setText(text)
                      .build())
              .build();
      connection.sendStanza(presence);
    }

    private void end() {
      if (ended.compareAndSet(false, true)) {
        meter.ended().run();
      }
    }

    @Override
    public void send(MessageClass kind, byte[] message) throws IOException, InterruptedException {
      SecuredIq question = new SecuredIq(message);
      question.setTo(office);
      try {
        var unused = connection.sendIqRequestAndWaitForResponse(question);
      } catch (SmackException | XMPPException e) {
        throw new IOException(
            "the head-end takes no message of meter " + meter.id() + ": " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      try {
        if (connection.isAuthenticated()) {
          tellPresence(Presence.Type.unavailable, "leave", "");
        }
      } catch (SmackException.NotConnectedException e) {
        // it has gone before
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      connection.disconnect();
    }
  }
}
