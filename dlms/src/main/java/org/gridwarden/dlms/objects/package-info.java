/**
 * The interface classes of COSEM (IEC 62056-6-2, the Blue Book), as a meter has them.
 *
 * <p>Objects serve many clients' threads. Most hold one immutable state that is replaced as a
 * whole; none calls another object while it holds a lock. Objects reach one another through {@link
 * org.gridwarden.dlms.objects.DeviceObjects}, where no client's rights are asked for. What happens
 * by the clock is played by a {@link org.gridwarden.dlms.objects.Clockwork}, which has no thread. A
 * value of a wrong type is refused as type unmatched, one out of range as other reason, and nothing
 * changes then.
 */
@NullMarked
package org.gridwarden.dlms.objects;

import org.jspecify.annotations.NullMarked;
