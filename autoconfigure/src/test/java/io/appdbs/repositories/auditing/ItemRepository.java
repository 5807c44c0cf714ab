package io.appdbs.repositories.auditing;

import org.springframework.data.mongodb.repository.MongoRepository;

interface ItemRepository extends MongoRepository<MongoAuditingTests.Item, String> {

}
