package com.example.people;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.appdbs.audit.AuditEvent;
import io.appdbs.audit.AuditSink;

import org.springframework.stereotype.Component;

/**
 * Keeps the records of the audit, which another application would send elsewhere.
 */
@Component
class AuditRecords implements AuditSink {

	private final List<AuditEvent> events = new CopyOnWriteArrayList<>();

	@Override
	public void record(AuditEvent event) {
		this.events.add(event);
	}

	List<AuditEvent> getEvents() {
		return this.events;
	}

}
