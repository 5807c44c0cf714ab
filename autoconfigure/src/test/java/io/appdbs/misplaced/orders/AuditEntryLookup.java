package io.appdbs.misplaced.orders;

import io.appdbs.shop.audit.AuditEntry;

import org.springframework.data.repository.Repository;

public interface AuditEntryLookup extends Repository<AuditEntry, Long> {

}
