package org.gridwarden.security.staple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Optional;

/** A question and its answer that never leave the process; in the form in which Java's TLS asks. */
final class StatusConnection extends HttpURLConnection {
  private final ByteArrayOutputStream question = new ByteArrayOutputStream();
  private Optional<byte[]> answer = Optional.empty();

  StatusConnection(URL address) {
    super(address);
  }

  @Override
  public void connect() {
    if (!connected) {
      connected = true;
      Optional<byte[]> asked =
          question.size() > 0
              ? Optional.of(question.toByteArray())
              : StapledStatus.question(getURL());
      answer = asked.flatMap(StapledStatus::answer);
    }
  }

  @Override
  public OutputStream getOutputStream() {
    return question;
  }

  @Override
  public int getResponseCode() {
    connect();
    return answer.isPresent() ? HTTP_OK : HTTP_NOT_FOUND;
  }

  @Override
  public long getContentLengthLong() {
    connect();
    return answer.map(a -> (long) a.length).orElse(-1L);
  }

  @Override
  public int getContentLength() {
    return (int) getContentLengthLong();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    connect();
    return new ByteArrayInputStream(
        answer.orElseThrow(() -> new FileNotFoundException("no office here issued it")));
  }

  @Override
  public void disconnect() {
    // there is nothing to let go
  }

  @Override
  public boolean usingProxy() {
    return false;
  }
}
