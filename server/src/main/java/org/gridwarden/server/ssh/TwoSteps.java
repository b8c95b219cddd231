package org.gridwarden.server.ssh;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.session.ServerUserAuthService;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;

/**
 * The order in which somebody comes in (RFC 4252): the key first, and then, where the user has a
 * second factor, its code. Before the key nothing is said of whether there is such a user or a
 * code, and no code is looked at.
 */
final class TwoSteps extends ServerUserAuthService {
  private static final AttributeKey<Boolean> PROVEN = new AttributeKey<>();
  private static final AttributeKey<Boolean> SHOWN = new AttributeKey<>();

  private final Gate gate;

  /** Who wants to come in; it does not change within a session, the library sees to that. */
  private String user = "";

  private TwoSteps(Session session, Gate gate) throws IOException {
    super(session);
    this.gate = gate;
  }

  /** Makes one for each session. */
  static ServerUserAuthServiceFactory factory(Gate gate) {
    return new ServerUserAuthServiceFactory() {
      @Override
      public Service create(Session session) throws IOException {
        return new TwoSteps(session, gate);
      }
    };
  }

  /** Public keys, of which it is noted that their signature was right. */
  static UserAuthPublicKeyFactory keys() {
    return new UserAuthPublicKeyFactory() {
      @Override
      public UserAuthPublicKey createUserAuth(ServerSession session) {
        return new UserAuthPublicKey(getSignatureFactories()) {
          @Override
          public Boolean doAuth(Buffer buffer, boolean init) throws Exception {
            Boolean done = super.doAuth(buffer, init);
            if (Boolean.TRUE.equals(done)) {
              getServerSession().setAttribute(PROVEN, true);
            }
            return done;
          }
        };
      }
    };
  }

  /** Whether the holder of this session has shown a key's signature that opens. */
  static boolean proven(ServerSession session) {
    return Boolean.TRUE.equals(session.getAttribute(PROVEN));
  }

  /** The code was right. */
  static void shown(ServerSession session) {
    session.setAttribute(SHOWN, true);
  }

  private boolean halfway() {
    ServerSession session = getServerSession();
    return proven(session)
        && !Boolean.TRUE.equals(session.getAttribute(SHOWN))
        && gate.asksCode(user);
  }

  @Override
  protected void handleAuthenticationSuccess(int cmd, Buffer buffer) throws Exception {
    if (!proven(getServerSession())) {
      handleAuthenticationFailure(cmd, buffer); // a code alone, which is asked of nobody
    } else if (halfway()) {
      goOn(UserAuthKeyboardInteractiveFactory.NAME, true);
    } else {
      super.handleAuthenticationSuccess(cmd, buffer);
    }
  }

  @Override
  protected void handleAuthenticationFailure(int cmd, Buffer buffer) throws Exception {
    goOn(
        proven(getServerSession())
            ? UserAuthKeyboardInteractiveFactory.NAME
            : UserAuthPublicKeyFactory.NAME,
        false);
  }

  @Override
  protected boolean handleUserAuthRequestMessage(
      ServerSession session, Buffer buffer, AtomicReference<Boolean> done) throws Exception {
    int from = buffer.rpos();
    user = buffer.getString();
    buffer.rpos(from);
    return super.handleUserAuthRequestMessage(session, buffer, done);
  }

  /** Says by which method it may go on (RFC 4252, 5.1). */
  private void goOn(String method, boolean halfway) throws IOException {
    ServerSession session = getServerSession();
    Buffer answer = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_FAILURE);
    answer.putString(method);
    answer.putBoolean(halfway);
    session.writePacket(answer);
  }
}
