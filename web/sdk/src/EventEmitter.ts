/** Node's EventEmitter, as far as users of the AWS package can rely on it, without Node. */

type Listener = (...args: any[]) => void;
type EventName = string | symbol;
interface Registration {
  listener: Listener;
  once: boolean;
}

export class EventEmitter {
  private readonly registrations = new Map<EventName, Registration[]>();

  on(event: EventName, listener: Listener): this {
    return this.register(event, { listener, once: false }, false);
  }

  once(event: EventName, listener: Listener): this {
    return this.register(event, { listener, once: true }, false);
  }

  prependListener(event: EventName, listener: Listener): this {
    return this.register(event, { listener, once: false }, true);
  }

  prependOnceListener(event: EventName, listener: Listener): this {
    return this.register(event, { listener, once: true }, true);
  }

  addListener(event: EventName, listener: Listener): this {
    return this.on(event, listener);
  }

  /** Removes the listener added last, if it was added more than once. */
  off(event: EventName, listener: Listener): this {
    const list = this.registrations.get(event) ?? [];
    const index = list.map((registration) => registration.listener).lastIndexOf(listener);
    if (index >= 0) this.replace(event, [...list.slice(0, index), ...list.slice(index + 1)]);
    return this;
  }

  removeListener(event: EventName, listener: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: EventName): this {
    if (event === undefined) this.registrations.clear();
    else this.registrations.delete(event);
    return this;
  }

  /** Calls the listeners in their order, at once; an 'error' that nobody listens to is thrown. */
  emit(event: EventName, ...args: any[]): boolean {
    const list = this.registrations.get(event);
    if (!list) {
      if (event === 'error')
        throw args[0] instanceof Error ? args[0] : new Error(`Unhandled error. (${String(args[0])})`);
      return false;
    }
    for (const registration of list) {
      if (registration.once) this.remove(event, registration);
      registration.listener.apply(this, args);
    }
    return true;
  }

  listeners(event: EventName): Listener[] {
    return (this.registrations.get(event) ?? []).map((registration) => registration.listener);
  }

  rawListeners(event: EventName): Listener[] {
    return this.listeners(event);
  }

  listenerCount(event: EventName): number {
    return this.registrations.get(event)?.length ?? 0;
  }

  eventNames(): EventName[] {
    return [...this.registrations.keys()];
  }

  /** Node warns of leaks by this number; here it is only kept. */
  setMaxListeners(count: number): this {
    this.maxListeners = count;
    return this;
  }

  getMaxListeners(): number {
    return this.maxListeners;
  }

  private maxListeners = 10;

  private register(event: EventName, registration: Registration, first: boolean): this {
    if (typeof registration.listener !== 'function') {
      throw new TypeError('The "listener" argument must be of type function.');
    }
    const list = this.registrations.get(event) ?? [];
    // A new array each time: an emit that is under way goes on with the one it began with.
    this.replace(event, first ? [registration, ...list] : [...list, registration]);
    return this;
  }

  private remove(event: EventName, registration: Registration): void {
    const list = this.registrations.get(event) ?? [];
    this.replace(
      event,
      list.filter((other) => other !== registration),
    );
  }

  private replace(event: EventName, list: Registration[]): void {
    if (list.length > 0) this.registrations.set(event, list);
    else this.registrations.delete(event);
  }
}
