-- What is due for each endpoint is found without reading all that waits for one of them.
CREATE INDEX webhook_delivery_by_turn ON webhook_delivery (status, webhook_id, next_at, event_id);
DROP INDEX webhook_delivery_by_status;
