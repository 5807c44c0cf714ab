/**
 * Audit of what an application does with its databases: {@link io.appdbs.audit.AuditSink
 * AuditSink} beans receive an {@link io.appdbs.audit.AuditEvent AuditEvent} for each unit
 * of work.
 */
@NullMarked
package io.appdbs.audit;

import org.jspecify.annotations.NullMarked;
