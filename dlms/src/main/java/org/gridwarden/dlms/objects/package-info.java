/** The interface classes of COSEM (IEC 62056-6-2, the Blue Book), as a meter has them. */
@NullMarked
package org.gridwarden.dlms.objects;

import org.jspecify.annotations.NullMarked;
